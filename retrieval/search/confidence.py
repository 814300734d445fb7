"""How sure the archive is that a post answers a question: a number between 0 and 1.

What speaks for an answer is read from the best hits: how much of the question they hold, in terms and in
letters, how much that is in itself, and whether the names asked about are there. No part of it depends on
the archive being large. The coefficients are a logistic regression on questions put to the archive they
were written for and to others, both counted as equally likely; RANKING.md has the figures.
"""

import math
from dataclasses import dataclass

__all__ = ["ENOUGH", "Evidence"]

#: From this confidence on, hits are quoted as an answer.
ENOUGH = 0.5


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for an answer.

    ``covered`` is the share of the question's information that stands in and around the best hit,
    ``spelled`` the share of its runs of letters that stand in it, both from 0 to 1. ``amount`` is the
    hit's score in units of what a term of one post alone is worth. ``named`` is the share of the
    question's names that are around the best hits, ``None`` where it names nobody. ``whole`` tells that
    the best hit holds every word of the question that names its subject.
    """

    covered: float
    spelled: float
    amount: float
    named: float | None
    whole: bool

    def confidence(self) -> float:
        """Return the probability that the archive answers.

        A post that holds the whole question is always likelier than not to answer it: a question of one
        common name says too little for the rest of the evidence.
        """
        z = (
            4.6 * math.log(self.covered + 0.05)
            + 2.4 * math.log(self.spelled + 0.05)
            + 4.1 * math.log(self.amount + 0.5)
            - 7.3
        )
        if self.named is not None:
            z += 2.4 * self.named - 1.3
        probability = 1 / (1 + math.exp(-z))
        return (1 + probability) / 2 if self.whole else probability
