"""How sure the archive is that a post answers a question: a number between 0 and 1.

What speaks for an answer is read from the best hits: how much of the question they hold, in terms and in
letters, how much that is in itself, and whether the names asked about are there. No part of it depends on
the archive being large. The coefficients are a logistic regression on questions put to the archive they
were written for and to others, both counted as equally likely; README.md has the figures.
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
    hit's score in units of what a term of one post alone is worth. ``strange`` is the share of the
    question's names that are not around any of the best hits. ``whole`` tells that the best hit holds
    every word of the question that names its subject.
    """

    covered: float
    spelled: float
    amount: float
    strange: float
    whole: bool

    def confidence(self) -> float:
        """Return the probability that the archive answers.

        A post that holds the whole question is always likelier than not to answer it: a question of one
        common name says too little for the rest of the evidence.
        """
        z = (
            4.0 * math.log(self.covered + 0.05)
            + 2.15 * math.log(self.spelled + 0.05)
            + 3.85 * math.log(self.amount + 0.5)
            - 1.35 * self.strange
            - 6.2
        )
        probability = 1 / (1 + math.exp(-z))
        return (1 + probability) / 2 if self.whole else probability
