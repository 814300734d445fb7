"""Seeing Bobbin run: what is counted and measured, a line a question in the log, and a page of it all."""
