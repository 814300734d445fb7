"""Metrics, query log, event loop lag, and the health page made from them.

Nothing here knows of Discord; `monitored_client` takes the status from a client.
"""
