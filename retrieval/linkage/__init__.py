"""Which versions are of one thread, and what they make together: fingerprint, matching, merge, redaction.

All of it is decided from threads alone; nothing here reads or writes the database.
"""
