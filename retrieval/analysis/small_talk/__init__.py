"""Words and phrases of small talk, a file a language; read by :mod:`retrieval.analysis.chat_text`."""
