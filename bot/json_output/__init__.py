"""The JSON that scripts rely on, in the terminal and on pages: answers, threads, reports.

Its members are added to, and never renamed.
"""
