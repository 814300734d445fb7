"""Threads by link, against services on the loopback that have the limits of the real ones."""
