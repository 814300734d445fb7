"""The reader of account exports of X: manifest, posts, and a reply tree kept on disk.

What X's posts have in common in other forms is in `json.x_fields`.
"""
