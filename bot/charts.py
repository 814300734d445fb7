"""How often something was posted about by month, as a picture: SVG for a page, PNG for Discord.

Nothing out of the archive is drawn but numbers and months, so no font has to have its letters and
nothing in a post can reach the picture's markup.
"""

import io
import re
import threading
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, Literal
from xml.etree import ElementTree as ET

__all__ = ["Month", "drawn_png", "drawn_svg", "run_of_months"]

Month = tuple[int, int]
"""A year and a month from 1 to 12."""

_DRAWING = threading.Lock()
_WIDTH, _HEIGHT, _DPI = 9.0, 3.2, 150
_MANY: Final = 240
_TICKS: Final = 9
_SVG: Final = "http://www.w3.org/2000/svg"
# In the SVG each colour stands for a class that the stylesheet colours in the dark and in the light.
_STAND_INS: Final = {"#010101": "chart-ink", "#020202": "chart-bar", "#030303": "chart-grid"}
_FOR_PAGE: Final = ("#010101", "#020202", "#030303")
# On a ground of its own the picture reads alike in Discord's dark and light.
_FOR_DISCORD: Final = ("#e8e6e3", "#e58a6c", "#4a4e57")
_GROUND: Final = "#1f2228"


def run_of_months(counts: Mapping[str, int]) -> dict[Month, int]:
    """Return the counts of every month from the first to the last, those without a post as 0.

    ``counts`` are by month as "2023-12". More than twenty years are counted by year, as each January.
    """
    known = {(int(month[:4]), int(month[5:7])): count for month, count in counts.items()}
    if not known:
        return {}
    (first_year, first), (last_year, last) = min(known), max(known)
    start, end = first_year * 12 + first - 1, last_year * 12 + last - 1
    if end - start < _MANY:
        return {
            (at // 12, at % 12 + 1): known.get((at // 12, at % 12 + 1), 0) for at in range(start, end + 1)
        }
    years = dict.fromkeys(range(first_year, last_year + 1), 0)
    for (year, _), count in known.items():
        years[year] += count
    return {(year, 1): count for year, count in years.items()}


def drawn_svg(run: Mapping[Month, int], label: str) -> str:
    """Return the picture as an element for a page, named ``label``, without style, script or font."""
    root = ET.fromstring(_drawn(tuple(run.items()), "svg"))  # noqa: S314 - drawn here a moment ago
    _plain(root)
    root.attrib.update({"class": "picture", "role": "img", "aria-label": label})
    return ET.tostring(root, encoding="unicode", default_namespace=None)


def drawn_png(run: Mapping[Month, int]) -> bytes:
    """Return the picture as a PNG of 1,350 by 480 pixels."""
    return _drawn(tuple(run.items()), "png")


@lru_cache(maxsize=64)
def _drawn(run: tuple[tuple[Month, int], ...], form: Literal["svg", "png"]) -> bytes:
    """Draw bars. matplotlib keeps settings of its own, so one picture is drawn at a time."""
    # Not at the top: it takes a third of a second and 40 MB, which only who asks for a picture should pay.
    from matplotlib import rc_context  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415
    from matplotlib.layout_engine import ConstrainedLayoutEngine  # noqa: PLC0415
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415

    ink, bar, grid = _FOR_PAGE if form == "svg" else _FOR_DISCORD
    written = io.BytesIO()
    with _DRAWING, rc_context({"svg.fonttype": "none", "svg.hashsalt": "bobbin"}):
        figure = Figure(
            figsize=(_WIDTH, _HEIGHT), dpi=_DPI, layout=ConstrainedLayoutEngine(w_pad=0.15, h_pad=0.12)
        )
        axes = figure.subplots()
        axes.bar(range(len(run)), [count for _, count in run], width=0.82, color=bar)
        axes.yaxis.set_major_locator(MaxNLocator(nbins=4, integer=True, min_n_ticks=1))
        axes.set_xticks(*_ticks([month for month, _ in run]))
        axes.set_xlim(-0.7, max(len(run), 6) - 0.3)
        axes.grid(axis="y", color=grid, linewidth=0.8)
        axes.set_axisbelow(True)
        axes.set_facecolor("none")
        axes.tick_params(colors=ink, length=0, labelsize=11, pad=7)
        for side, spine in axes.spines.items():
            spine.set_visible(side == "bottom")
            spine.set_color(grid)
        if form == "svg":
            figure.savefig(written, format="svg", transparent=True, metadata=dict.fromkeys(_TOLD))
        else:
            figure.savefig(written, format="png", facecolor=_GROUND)
    return written.getvalue()


_TOLD: Final = ("Date", "Creator", "Format", "Type")


def _ticks(months: list[Month]) -> tuple[list[int], list[str]]:
    """Return where labels stand and what they say: years alone where these are many, else months."""
    by_year = [place for place, (_, month) in enumerate(months) if month == 1]
    places = by_year if len(by_year) > 2 else list(range(len(months)))  # noqa: PLR2004 - two say little
    step = -(-len(places) // _TICKS)
    chosen = places[::step]
    years_only = all(months[place][1] == 1 for place in chosen) and len(by_year) > 2  # noqa: PLR2004
    return chosen, [f"{months[at][0]}" if years_only else "{}-{:02}".format(*months[at]) for at in chosen]


def _plain(root: ET.Element) -> None:
    """Make attributes of styles, classes of colours, and leave out what a page should not carry."""
    ET.register_namespace("", _SVG)
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in {f"{{{_SVG}}}metadata", f"{{{_SVG}}}style"}:
                parent.remove(child)
    for element in root.iter():
        element.attrib.pop("id", None)
        styles = dict(re.findall(r"([\w-]+):\s*([^;]+)", element.attrib.pop("style", "")))
        classes = []
        for name, value in styles.items():
            stands_for = _STAND_INS.get(value.strip())
            if stands_for and name in {"fill", "stroke"}:
                classes.append(f"{stands_for}-{name}")
            elif name in {"fill", "stroke", "stroke-width", "text-anchor", "opacity", "stroke-linecap"}:
                element.set(name, value.strip())
        if classes:
            element.set("class", " ".join(classes))
