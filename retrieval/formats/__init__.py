"""The types of an import, and the file forms that are Bobbin's own.

No form of another program is known here; those are read in `readers`.
"""
