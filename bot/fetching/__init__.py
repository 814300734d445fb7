"""Threads by link: an address to its service (pure), through the guard to bytes that the readers know.

It fetches what a person named, from services that are open to everyone, and stores nothing. What the bytes
mean is the readers' business; what becomes of them, the archive's.
"""
