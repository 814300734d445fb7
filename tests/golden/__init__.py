"""What Bobbin prints, sends, serves and stores, recorded to the byte over one fixed archive of our own.

``pytest tests/golden`` compares; ``python -m tests.golden --record`` records anew after a change that is
meant, and the diff of ``recorded/`` shows all that the change does. A case is one file. A recorded file
that nothing produces any more and an output that was never recorded fail alike.

What is recorded goes through what stays: the command line, HTTP, Discord's wire, SQLite and files. The few
names of Bobbin's own that this needs are imported in ``seams.py`` and nowhere else.
"""
