"""What a search finds, and the answer that it follows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from retrieval.model import Hit, Verdict, Weighing
from retrieval.search.query import AskedTerm
from retrieval.search.verdict import NOTHING, Judgement, confidence_of

__all__ = ["NO_CONVERSATION", "Conversation", "SearchResult"]


@dataclass(frozen=True, slots=True)
class Conversation:
    """The answer that a question follows: its terms, the threads it quoted by number, its confidence."""

    terms: Sequence[str] = ()
    threads: Sequence[int] = ()
    confidence: float = 0.0


NO_CONVERSATION: Final = Conversation()
"""A question that follows no answer."""


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a search found: hits best first, and the judgement of the best of them.

    ``terms`` are the question's own, as far as the archive knows them or what stands in for them.
    ``weights`` gives the information of the terms that were searched, for choosing sentences.
    ``corrected`` are the words of the question that were replaced by ones the archive knows.
    ``asked`` are the terms that the judgement depends on; ``part`` is the part of the message that was
    judged, empty for all of it. ``inherited`` says that nothing in it named a subject, so that terms and
    judgement are those of the answer before.
    """

    hits: tuple[Hit, ...] = ()
    terms: tuple[str, ...] = ()
    weights: Mapping[str, float] = field(default_factory=dict)
    judgement: Judgement = NOTHING
    corrected: tuple[tuple[str, str], ...] = ()
    asked: tuple[AskedTerm, ...] = ()
    part: str = ""
    inherited: bool = False

    @property
    def verdict(self) -> Verdict:
        """Return whether the hits answer, come close, or are nothing."""
        return self.judgement.verdict if self.hits else Verdict.NOTHING

    @property
    def confidence(self) -> float:
        """Return how sure the archive is that the best hit answers, from 0 to 1; 0 without hits."""
        return confidence_of(self.judgement.logit) if self.hits else 0.0

    def weighing(self) -> Weighing:
        """Return what the verdict was made of."""
        return Weighing(
            known=tuple(asked.word for asked in self.asked if asked.known),
            unknown=tuple(asked.word for asked in self.asked if not asked.known),
            factors=self.judgement.factors,
            caps=self.judgement.caps,
            part=self.part,
        )
