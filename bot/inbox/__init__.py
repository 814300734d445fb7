"""Files that wait for import: named by paths, or found in the inbox folder, which is watched here.

Reading and storing them is the archive's work.
"""
