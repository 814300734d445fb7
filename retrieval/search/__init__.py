"""A question to hits and answers; looking up threads and authors by name.

The arrays that are searched are made in `index`, terms in `analysis`.
"""
