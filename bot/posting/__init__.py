"""Posts digests in Discord: permissions, poster, scheduler, and the service that joins them.

What a digest holds is decided in `digest` and drawn in `views`.
"""
