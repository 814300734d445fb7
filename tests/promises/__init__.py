"""Every promise about reliability, proved by one command: ``python -m tests.promises``.

``table`` lists the promises with what proves each, ``sabotage`` breaks each on purpose, and ``page`` keeps
README.md, which shows promise, command and last figure.
"""
