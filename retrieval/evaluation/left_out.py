"""What models of the verdict reach on collections that each has not seen."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Final

import numpy as np

from retrieval.model import Cap, Verdict
from retrieval.search.search_result import SearchResult
from retrieval.search.verdict import NOTHING, Evidence, VerdictModel, judge, verdict_of

__all__ = ["LONG", "PLAIN", "TOP", "Reading", "Row", "Ruling", "area", "figures"]

#: The kinds of rows that are no template.
PLAIN: Final = "plain"
LONG: Final = "long"
#: A right post counts among so many.
TOP: Final = 10
_SHOWN: Final = 3
#: How far from the threshold the curve is drawn, as logits.
_CURVE: Final = (-1.5, -1.0, -0.5, 0.0, 0.5, 1.0)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message finds as a whole, or by one of its parts.

    ``rank`` is that of the first right post from 0, :data:`TOP` where none is among the first.
    ``evidence`` is ``None`` where ``logit`` does not depend on the model.
    """

    evidence: Evidence | None
    caps: tuple[Cap, ...]
    logit: float
    rank: int

    @classmethod
    def of(cls, result: SearchResult, rank: int) -> "Reading":
        """Keep what a judgement needs of a result."""
        judgement = result.judgement if result.hits else NOTHING
        return cls(judgement.evidence, judgement.caps, judgement.logit, rank)

    def logit_by(self, model: VerdictModel) -> float:
        """Return the logit by a model."""
        return self.logit if self.evidence is None else judge(self.evidence, self.caps, model).logit


@dataclass(frozen=True, slots=True)
class Ruling:
    """The verdict on a row by a model, with its logit and the rank of the first right post."""

    logit: float
    verdict: Verdict
    rank: int

    @property
    def answered(self) -> bool:
        """Return whether the verdict is an answer."""
        return self.verdict is Verdict.ANSWER


@dataclass(frozen=True, slots=True)
class Row:
    """A question as it was asked: by its name, of which collection, to which archive, how.

    ``kind`` is :data:`PLAIN`, :data:`LONG` or the text of a template; ``whole`` is false where posts of the
    archive were joined. ``readings`` are that of the message and those of its parts.
    """

    name: str
    asks: str
    archive: str
    kind: str
    whole: bool
    readings: tuple[Reading, ...]

    @property
    def own(self) -> bool:
        """Return whether the archive is that of the question's collection."""
        return self.asks == self.archive

    def ruled(self, model: VerdictModel) -> Ruling:
        """Return the verdict as a search reaches it, by the surest reading."""
        surest = self.surest(model)
        logit = surest.logit_by(model)
        return Ruling(logit, verdict_of(logit, model), surest.rank)

    def surest(self, model: VerdictModel) -> Reading:
        """Return the reading that a model is surest of."""
        return max(self.readings, key=lambda reading: reading.logit_by(model))


def figures(rows: Sequence[Row], models: Mapping[str, VerdictModel]) -> Iterator[str]:
    """Yield lines of figures; ``models`` has for each archive the model to judge it by."""
    ruled = [(row, row.ruled(models[row.archive])) for row in rows if row.whole]
    by_kind: defaultdict[str, list[tuple[Row, Ruling]]] = defaultdict(list)
    for row, ruling in ruled:
        by_kind[row.kind].append((row, ruling))
    plain = by_kind.pop(PLAIN)
    yield from _overview(PLAIN, plain)
    yield from _pairs(plain)
    yield from _curve(plain)
    if LONG in by_kind:
        yield from _overview(LONG, by_kind.pop(LONG))
    if by_kind:
        yield from _overview("wrapped", [pair for pairs in by_kind.values() for pair in pairs])
        yield from _templates(plain, by_kind)


def area(own: Iterable[float], foreign: Iterable[float]) -> float:
    """Return the chance that an own logit is above a foreign one, equal ones counting half."""
    known, strange = np.sort(list(own)), np.sort(list(foreign))
    below, up_to = (np.searchsorted(strange, known, side) for side in ("left", "right"))
    return float((below + up_to).mean() / 2 / len(strange))


def _overview(kind: str, ruled: Sequence[tuple[Row, Ruling]]) -> Iterator[str]:
    found = [(row, ruling) for row, ruling in ruled if row.own and ruling.rank < TOP]
    foreign = [(row, ruling) for row, ruling in ruled if not row.own]
    own = _by_archive((row, ruling.answered) for row, ruling in found)
    shown = _by_archive(
        (row, ruling.verdict is not Verdict.NOTHING) for row, ruling in found if ruling.rank < _SHOWN
    )
    answered = _by_pair((row, ruling.answered) for row, ruling in foreign)
    nothing = _by_pair((row, ruling.verdict is Verdict.NOTHING) for row, ruling in foreign)
    each = ", ".join(f"{name} {share:.3f}" for name, share in own.items())
    area_of_all = area((ruling.logit for _, ruling in found), (ruling.logit for _, ruling in foreign))
    yield f"{kind}: area under the curve {area_of_all:.4f}"
    yield f"  own answered {fmean(own.values()):.3f} ({each})"
    yield (
        f"  foreign answered: mean {fmean(answered.values()):.3f}, median {median(answered.values()):.3f}, "
        f"worst {max(answered.values()):.3f}"
    )
    yield f"  own with a right post in the first three, answer or closest {fmean(shown.values()):.3f}"
    yield f"  foreign that get nothing {fmean(nothing.values()):.3f}"


def _pairs(ruled: Sequence[tuple[Row, Ruling]]) -> Iterator[str]:
    shares = _by_pair((row, ruling.answered) for row, ruling in ruled if not row.own)
    for (asks, archive), share in shares.items():
        yield f"  {asks} asks {archive}: answered {share:.3f}"


def _curve(ruled: Sequence[tuple[Row, Ruling]]) -> Iterator[str]:
    for shift in _CURVE:
        own = _by_archive(
            (row, ruling.logit >= shift) for row, ruling in ruled if row.own and ruling.rank < TOP
        )
        foreign = _by_pair((row, ruling.logit >= shift) for row, ruling in ruled if not row.own)
        yield (
            f"  threshold moved by {shift:+.1f}: own {fmean(own.values()):.3f}, "
            f"foreign {fmean(foreign.values()):.3f}"
        )


def _templates(
    plain: Sequence[tuple[Row, Ruling]], by_kind: Mapping[str, Sequence[tuple[Row, Ruling]]]
) -> Iterator[str]:
    """Yield what each template keeps of plain questions answered and first posts right, and the foreign."""
    plainly = {(row.name, row.asks, row.archive): ruling for row, ruling in plain}
    costs = {}
    for kind, ruled in by_kind.items():
        pairs = [(row, plainly[row.name, row.asks, row.archive], ruling) for row, ruling in ruled]
        own = [pair for pair in pairs if pair[0].own]
        foreign = [pair for pair in pairs if not pair[0].own]
        costs[kind] = (
            _kept((row, before.answered, now.answered) for row, before, now in own if before.rank < TOP),
            _kept((row, before.rank == 0, now.rank == 0) for row, before, now in own),
            fmean(_by_pair((row, now.answered) for row, _, now in foreign).values()),
            fmean(_by_pair((row, before.answered) for row, before, _ in foreign).values()),
        )
    for kind, (answered, first, foreign_share, foreign_plain) in costs.items():
        yield (
            f"  {answered:.3f} answered, {first:.3f} first right, foreign {foreign_share:.3f} "
            f"(plain {foreign_plain:.3f}): {' '.join(kind.split())}"
        )
    kept, firsts, strange, plain_strange = zip(*costs.values(), strict=True)
    yield (
        f"  all templates, as shares of plain: answered {fmean(kept):.3f}, worst {min(kept):.3f}; "
        f"first right {fmean(firsts):.3f}, worst {min(firsts):.3f}; foreign {fmean(strange):.3f} (plain "
        f"{fmean(plain_strange):.3f})"
    )


def _by_archive(values: Iterable[tuple[Row, bool]]) -> dict[str, float]:
    """Return the share of true values by archive."""
    shares: defaultdict[str, list[bool]] = defaultdict(list)
    for row, value in values:
        shares[row.archive].append(value)
    return {name: fmean(each) for name, each in shares.items()}


def _by_pair(values: Iterable[tuple[Row, bool]]) -> dict[tuple[str, str], float]:
    """Return the share of true values by the collection that asks and the archive."""
    shares: defaultdict[tuple[str, str], list[bool]] = defaultdict(list)
    for row, value in values:
        shares[row.asks, row.archive].append(value)
    return {pair: fmean(each) for pair, each in shares.items()}


def _kept(values: Iterable[tuple[Row, bool, bool]]) -> float:
    """Return how many are true now for each that was before, as the mean of the archives."""
    counts: defaultdict[str, list[tuple[bool, bool]]] = defaultdict(list)
    for row, plainly, now in values:
        counts[row.archive].append((plainly, now))
    return fmean(
        sum(now for _, now in each) / before
        for each in counts.values()
        if (before := sum(was for was, _ in each))
    )
