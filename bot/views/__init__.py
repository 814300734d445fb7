"""Answers, threads, digests and notices as Discord's components, and the state in their custom_ids.

The only place that makes Discord's markup and knows its limits; nothing here sends anything.
"""
