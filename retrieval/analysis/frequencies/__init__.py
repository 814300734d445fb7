"""How common words are in their language: the lists, a file each, and what makes them anew.

The lists are cut from wordfreq's "small" lists by :mod:`retrieval.analysis.frequencies.build`; NOTICE.md
has their source, their licence and the languages. They are read by :mod:`retrieval.analysis.word_frequency`.
"""
