"""Evaluation results as tables for a terminal and as JSON for scripts."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from statistics import fmean

from rich import box
from rich.table import Table
from rich.text import Text

from bot.cli.terminal import TerminalStyle, capture_console, escape_terminal
from bot.json_output.serializers import JsonObject
from retrieval.evaluation.asking import WrappedShare
from retrieval.evaluation.follow_ups import FollowUps
from retrieval.evaluation.foreign import Foreign
from retrieval.evaluation.measures import QualityMeasures
from retrieval.evaluation.misspelling import MisspeltMeasures

__all__ = ["EvaluatedCollection", "RankedSearch", "collection", "foreign", "json_object"]

#: Wide enough for every table, where no terminal has a width of its own.
_PIPED = 120
#: In two lines, so that a terminal of eighty columns has room for the names.
_COLUMNS = ("nDCG\n@10", "MRR\n@10", "recall\n@10", "recall\n@100", "first\nright", "questions\na second")
_NONE = "–"


@dataclass(frozen=True, slots=True)
class RankedSearch:
    """A ranker by name, with its measures or the reason why it has none."""

    name: str
    figures: QualityMeasures | None = None
    missing: str | None = None


@dataclass(frozen=True, slots=True)
class EvaluatedCollection:
    """The measures of one collection; ``notes`` say what was left out."""

    name: str
    posts: int
    threads: int
    questions: int
    notes: tuple[str, ...]
    rankers: tuple[RankedSearch, ...]
    misspelt: MisspeltMeasures | None = None
    follow_ups: FollowUps | None = None
    wrapped: tuple[WrappedShare, ...] = ()


def collection(result: EvaluatedCollection, style: TerminalStyle) -> str:
    """Draw one collection's figures, the best of each column in bold."""
    head = Text(escape_terminal(result.name, line=True), "bold")
    head.append(
        f"  {result.posts:,} posts in {result.threads:,} threads, {result.questions:,} questions", "dim"
    )
    parts: list[Text | Table] = [
        head,
        *(Text(f"note: {escape_terminal(note, line=True)}", "yellow") for note in result.notes),
    ]
    parts.append(_rankers(result.rankers, style))
    if result.misspelt:
        parts.append(_misspelt(result.misspelt, style))
        if result.misspelt.untouched:
            untouched = f"Unchanged, no word of four letters: {result.misspelt.untouched:,}."
            parts.append(Text(untouched, "dim"))
    if result.follow_ups:
        parts.append(_follow_ups(result.follow_ups, style))
    if result.wrapped:
        parts.append(_wrapped(result.wrapped, style))
    return _draw(parts, style)


def foreign(comparison: Foreign, style: TerminalStyle) -> str:
    """Draw how many questions are answered at home and abroad, and the curve over the thresholds."""
    pairs = _table(style, "questions of", "put to the archive of", "answered", "closest", "of", "share")
    for pair in comparison.pairs:
        names = (escape_terminal(pair.questions_of, line=True), escape_terminal(pair.archive_of, line=True))
        counts = (f"{count:,}" for count in (pair.answered, pair.closest, pair.asked))
        pairs.add_row(*names, *counts, _percent(pair.share))
    curve = _table(style, "threshold", "own answered", "foreign answered")
    for point in comparison.curve:
        used = point.threshold == comparison.enough
        row = (f"{point.threshold:.2f}", _percent(point.own), _percent(point.foreign))
        curve.add_row(*row, style="bold" if used else None)
    summary = (
        f"At {comparison.enough:.2f}, the threshold in use, {_percent(comparison.own)} of the own questions "
        f"whose right post is in the top ten are answered, and {_percent(comparison.foreign)} of the foreign "
        f"ones (as the mean of the pairs {_percent(comparison.own_mean)} and "
        f"{_percent(comparison.foreign_mean)}). Area under the curve: {comparison.area:.4f}"
    )
    if len(comparison.areas) > 1:
        areas = (f"{escape_terminal(name, line=True)} {area:.4f}" for name, area in comparison.areas.items())
        summary += f" ({', '.join(areas)})"
    names_seen = ", ".join(escape_terminal(name, line=True) for name in comparison.seen)
    summary += (
        f". The verdict was fitted on {names_seen}." if names_seen else ". The fit has seen none of these."
    )
    return _draw([Text("questions at home and abroad", "bold"), pairs, curve, Text(summary)], style)


def json_object(collections: Iterable[EvaluatedCollection], abroad: Foreign | None) -> JsonObject:
    """Return everything as plain data; what was not asked for is ``null``."""
    return {
        "collections": [_evaluated(one) for one in collections],
        "foreign": abroad and asdict(abroad),
    }


def _evaluated(result: EvaluatedCollection) -> JsonObject:
    misspelt, follow_ups = result.misspelt, result.follow_ups
    return {
        "name": result.name,
        "posts": result.posts,
        "threads": result.threads,
        "questions": result.questions,
        "notes": list(result.notes),
        "rankers": [_ranked(one) for one in result.rankers],
        "misspelt": misspelt
        and asdict(misspelt) | {"kept": misspelt.kept, "kept_uncorrected": misspelt.kept_uncorrected},
        "follow_ups": follow_ups and asdict(follow_ups),
        "asking": [asdict(share) for share in result.wrapped] or None,
    }


def _ranked(ranked: RankedSearch) -> JsonObject:
    names = [field.name for field in fields(QualityMeasures)]
    figures: JsonObject = asdict(ranked.figures) if ranked.figures else dict.fromkeys(names)
    return {"name": ranked.name, **figures, "missing": ranked.missing}


def _rankers(rankers: Sequence[RankedSearch], style: TerminalStyle) -> Table:
    table = _table(style, "", *_COLUMNS)
    rows = [_cells(ranked.figures) for ranked in rankers if ranked.figures]
    best = [max(column) for column in zip(*rows, strict=True)]
    for ranked in rankers:
        if ranked.figures is None:
            table.add_row(f"{ranked.name}\n  {ranked.missing}", *[_NONE] * len(_COLUMNS), style="dim")
            continue
        cells = _cells(ranked.figures)
        shown = [f"{cell:.3f}" for cell in cells[:-1]] + [f"{cells[-1]:,.0f}"]
        bold = [
            "bold" if cell == top and len(rows) > 1 else "" for cell, top in zip(cells, best, strict=True)
        ]
        table.add_row(ranked.name, *map(Text, shown, bold))
    return table


def _cells(figures: QualityMeasures) -> tuple[float, ...]:
    measured = (figures.ndcg_10, figures.mrr_10, figures.recall_10, figures.recall_100)
    return (*measured, figures.first, figures.per_second)


def _misspelt(measures: MisspeltMeasures, style: TerminalStyle) -> Table:
    table = _table(style, "one letter wrong in each question", "nDCG@10", "kept")
    table.add_row("as they are", f"{measures.clean:.3f}", "")
    table.add_row("misspelt", f"{measures.misspelt:.3f}", _percent(measures.kept))
    table.add_row(
        "misspelt, without correction", f"{measures.uncorrected:.3f}", _percent(measures.kept_uncorrected)
    )
    return table


def _follow_ups(measures: FollowUps, style: TerminalStyle) -> Table:
    table = _table(style, f"{measures.pairs:,} follow-ups, nDCG@10", "alone", "in the conversation")
    table.add_row(
        "without the words said before", f"{measures.elliptical:.3f}", f"{measures.elliptical_followed:.3f}"
    )
    table.add_row("in full", f"{measures.full:.3f}", f"{measures.full_followed:.3f}")
    return table


def _wrapped(shares: Sequence[WrappedShare], style: TerminalStyle) -> Table:
    """Draw what each template costs, and the means of all."""
    table = _table(style, "asked as", "answered", "first right", "foreign")
    for share in shares:
        foreign_share = _NONE if share.foreign is None else _percent(share.foreign)
        table.add_row(
            escape_terminal(share.template, line=True),
            _percent(share.answered),
            _percent(share.first),
            foreign_share,
        )
    answered = fmean(share.answered for share in shares)
    first = fmean(share.first for share in shares)
    table.add_row(
        "mean, as shares of the plain questions", _percent(answered), _percent(first), "", style="bold"
    )
    return table


def _table(style: TerminalStyle, *columns: str) -> Table:
    """Return an empty table: words to the left, numbers to the right; lines only where colour is."""
    table = Table(box=box.SIMPLE_HEAD if style.colour else None, pad_edge=False, show_edge=False)
    for number, column in enumerate(columns):
        left = number == 0 or column.startswith("put")
        table.add_column(column, justify="left" if left else "right", no_wrap=number > 0)
    return table


def _percent(share: float) -> str:
    return f"{share:.1%}"


def _draw(parts: Iterable[Text | Table], style: TerminalStyle) -> str:
    width = style.width if style.colour else _PIPED
    console = capture_console(replace(style, width=width))
    with console.capture() as captured:
        for part in parts:
            console.print(part, highlight=False, markup=False, emoji=False, soft_wrap=isinstance(part, Text))
            if isinstance(part, Table):
                console.print()
    return "\n".join(line.rstrip() for line in captured.get().split("\n"))
