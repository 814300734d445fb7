"""How often words were posted about by month, where dates are known."""

from collections.abc import Mapping

from markupsafe import Markup

from bot.charts import drawn_svg, run_of_months
from bot.i18n import translations_for
from bot.web.ask import question_of
from bot.web.page import Page, PageRequest
from bot.web.site import Site
from bot.web.templates import render_template

__all__ = ["picture_of", "trend"]


def picture_of(months: Mapping[str, int], locale: str) -> str:
    """Return counts by month as a picture for a template; empty where there is none."""
    run = run_of_months(months)
    if not run:
        return ""
    # Drawn here out of numbers alone, so it is the one thing that is not escaped.
    return Markup(drawn_svg(run, translations_for(locale).say("page-trend-picture")))  # noqa: S704


def trend(site: Site, request: PageRequest) -> Page:
    """Return the page for the words in the address, or the box for them where there are none."""
    words, scope = question_of(request), site.scope()
    uncounted = site.archive.answers.uncounted(words, scope) if words else None
    counts = site.archive.answers.months(words, scope) if words and uncounted is None else {}
    undated = counts.pop(None, 0)
    dated = {month: count for month, count in counts.items() if month is not None}
    total = sum(dated.values()) + undated
    return render_template(
        "trend.html",
        request,
        words=words,
        picture=picture_of(dated, request.locale),
        months=sorted(dated.items(), reverse=True),
        dated=sum(dated.values()),
        undated=undated,
        total=total,
        uncounted=uncounted,
    )
