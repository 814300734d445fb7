"""Posting digests in Discord: the channel's permissions, the poster, the scheduler.

What a digest holds and when it is due is decided in `digest`; its messages are drawn in `views`.
"""
