"""Saved forms of threads, read: bytes in, threads out.

`registry` finds the readers, one module each in `text`, `html`, `json` and `x_export`; a reader stands beside
the helpers that only it uses, and what several use stands here. Nothing here opens a file or unpacks a zip.
"""
