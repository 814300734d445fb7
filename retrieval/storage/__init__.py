"""The store and all SQL of the archive: migrations, rows, transactions, erasure.

What is to be written is decided in `linkage`; the search index is kept in `index`.
"""
