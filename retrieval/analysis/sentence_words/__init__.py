"""Words that decide where a sentence ends and which one leans on the sentence before it, a file a language.

They are read by :mod:`retrieval.analysis.sentences`. A file has up to seven parts: ``[abbreviations]``, whose
full stop ends no sentence; ``[before numbers]``, those of which that holds before a figure; ``[at the end,
too]``, those that a sentence may end with; ``[leaning]`` words and ``[leaning phrases]``, which open a
sentence that cannot be understood without the one before; ``[promotion]``, phrases of a post that asks for
something. ``[ordinals]`` has no words: "3." is "third" there.
"""
