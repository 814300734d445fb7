"""Readers of plain text and Markdown, and what finds posts in lines.

Numbering and front matter, which pages in HTML have too, are one folder up.
"""
