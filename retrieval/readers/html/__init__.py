"""The reader of unrolled pages saved as HTML, and what takes a page apart.

Parsing a fragment of HTML, which posts of Mastodon need too, is one folder up.
"""
