"""Text to terms: analyzer, tokens, stop words, languages, and the cues of answers.

Nothing here knows of threads, files or an index: text goes in, terms and arrays come out.
"""
