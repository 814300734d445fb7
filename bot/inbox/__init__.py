"""The inbox: files in a folder, or named by paths, found and imported.

Reading them is the archive's work.
"""
