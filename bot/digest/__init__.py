"""The daily digest without Discord: when it is due, what it holds, the ledger, the composer.

Views draw a digest, so they import this package; what sends those views stands above them, in `posting`.
"""
