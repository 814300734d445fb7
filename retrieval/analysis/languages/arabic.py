"""A light stemmer for Arabic, after Larkey, Ballesteros and Connell's light10.

Snowball's stemmer treats a word with the article as a noun and the same word without it as a verb, so
that "the negotiations" and "negotiations" part. This one takes off the conjunction, the article and one
ending, whatever the word is.
"""

__all__ = ["stem"]

_ARTICLES = ("وال", "بال", "كال", "فال", "ال", "لل")
_ENDINGS = ("ها", "ان", "ات", "ون", "ين", "يه", "ية", "ه", "ة", "ي")
_SHORTEST = 2


def stem(word: str) -> str:
    """Return the stem of a word without vowel signs, its forms of alef folded."""
    if word.startswith("و") and len(word) > _SHORTEST + 1:
        word = word[1:]
    for article in _ARTICLES:
        if word.startswith(article) and len(word) >= len(article) + _SHORTEST:
            word = word[len(article) :]
            break
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) >= len(ending) + _SHORTEST:
            word = word[: -len(ending)]
    return word
