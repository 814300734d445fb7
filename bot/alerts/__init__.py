"""Alerts: searches that are watched for new threads, and the ledger of what was reported to whom."""
