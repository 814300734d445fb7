"""Posting lists, vocabularies and segments: built, merged, and stored as files.

Questions are not known here; what ranks these arrays is in `search`.
"""
