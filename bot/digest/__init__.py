"""The daily digest: when it is due, what it holds, and the ledger of what became of it.

Nothing here knows of Discord; `posting` posts what is due.
"""
