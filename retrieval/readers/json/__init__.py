"""Readers of JSON that services and their tools write, and what makes threads of single posts.

The account exports of X, which are scripts and too large for memory, are read in `x_export`.
"""
