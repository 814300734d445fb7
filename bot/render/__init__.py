"""Excerpts, threads and Bobbin's own words as Discord's components.

The only place that makes Discord markup and the only one that knows Discord's limits.
"""
