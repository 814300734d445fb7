"""The archive of saved threads and its search.

Knows nothing of Discord, of the network or of the clock.
"""
