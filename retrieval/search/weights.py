"""The one configuration of the ranking, each figure with its reason; measured in RANKING.md."""

from dataclasses import dataclass, replace
from typing import Final

__all__ = ["WEIGHTS", "Weights"]

_ENGLISH: Final = "en"
#: Languages of compounds (de), of many endings (fi, hu, pl, tr), and of forms inside the word (ar, he).
_MANY_FORMS: Final = frozenset({"ar", "de", "fi", "he", "hu", "pl", "tr"})


@dataclass(frozen=True, slots=True)
class Weights:
    """What the parts of a score weigh, beside 1.0 for the post's own terms.

    ``post``, ``context``, ``thread``, ``pairs`` and ``grams`` multiply a field's BM25 score.
    ``answer_seen``, ``answer_guessed`` and ``first`` are in units of what a term of one post alone is
    worth. ``corrected``, ``asking``, ``small_talk`` and ``before`` multiply a term of the question.
    """

    post: float = 1.0
    #: The post among its neighbours, its own text included; flat from 2.5 to 7.
    context: float = 4.0
    #: Flat from 0 to 1.5.
    thread: float = 1.0
    #: Neighbouring words as written, stop words kept.
    pairs: float = 0.8
    #: Four letters; about five of them stand for one word.
    grams: float = 0.15
    #: They weigh more in other languages than English, whose words have more forms than a stemmer brings
    #: together, and most where words are compounds, or endings pile up.
    grams_elsewhere: float = 0.3
    grams_of_many_forms: float = 0.5
    #: When, how many: the answer can be seen in a post.
    answer_seen: float = 1.5
    #: Who, where, what is, why: the answer can only be guessed.
    answer_guessed: float = 0.75
    #: The first post says what the thread is about.
    first: float = 0.3
    #: A term that stands in for a misspelt one.
    corrected: float = 0.8
    #: Words that ask ("discuss", "think") and seldom stand in what answers.
    asking: float = 0.3
    #: The commonest words of other languages than English, which have no list of words that ask.
    everyday: float = 0.6
    #: Small talk ("thanks", "quick question"): 0 cost .007 nDCG@10 where people ask about such words.
    small_talk: float = 0.3
    #: A term of the question before, in a follow-up.
    before: float = 0.15
    #: A post of a thread that the answer before quoted, in units of what a term is worth.
    quoted_before: float = 2.0

    #: How many posts each side are context, and the half-lives of its near and its far part, in posts.
    reach: int = 8
    near: float = 1.0
    far: float = 8.0
    far_part: float = 0.3

    #: How many posts the first stage keeps, and how many of them bring so many neighbours each side.
    keep: int = 40
    widen: int = 16
    widen_by: int = 3
    #: Of how many of the best by everything else the letters are looked at.
    spelled: int = 40

    def of(self, language: str) -> "Weights":
        """Return the weights for posts of an ISO 639-1 language."""
        if language == _ENGLISH:
            return self
        return replace(
            self, grams=self.grams_of_many_forms if language in _MANY_FORMS else self.grams_elsewhere
        )

    def kernel(self) -> tuple[float, ...]:
        """Return the weight of a post at distance 0, 1, … ``reach``."""
        return tuple(
            2.0 ** (-distance / self.near) + self.far_part * 2.0 ** (-distance / self.far)
            for distance in range(self.reach + 1)
        )


WEIGHTS = Weights()
