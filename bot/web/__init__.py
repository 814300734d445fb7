"""Pages for a browser: threads, questions and answers, export formats, and the server of them.

Nothing here knows of Discord.
"""
