"""What is particular to a language: its stop words (a text file each), letters and script.

Text that is the same in every language is the analyzer's work.
"""
