"""How well posts are found, measured on collections with judgements; and other programs' figures beside it.

No part of the archive imports this: it puts a collection into a store of its own and asks as people do.
"""
