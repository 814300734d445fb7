"""How often words were posted about by month, where dates are known."""

from markupsafe import Markup

from bot.catalogue import catalogue
from bot.charts import drawn_svg, run_of_months
from bot.web.failing import AskedWrongError
from bot.web.page import Asked, Page
from bot.web.sheets import sheet
from bot.web.site import Site
from bot.web.thread import LONGEST

__all__ = ["trend"]


def trend(site: Site, asked: Asked) -> Page:
    """Return the page for the words in the address, or the box for them where there are none."""
    words = " ".join(asked.query.get("q", "").split())
    if len(words) > LONGEST:
        raise AskedWrongError(414)
    counts = site.archive.months(words, site.scope()) if words else {}
    undated = counts.pop(None, 0)
    dated = {month: count for month, count in counts.items() if month is not None}
    run = run_of_months(dated)
    picture = ""
    if run:
        # Drawn here out of numbers alone, so it is the one thing that is not escaped.
        picture = Markup(drawn_svg(run, catalogue(asked.locale).say("page-trend-picture")))  # noqa: S704
    return sheet(
        "trend.html",
        asked,
        words=words,
        picture=picture,
        months=sorted(dated.items(), reverse=True),
        dated=sum(dated.values()),
        undated=undated,
        total=sum(dated.values()) + undated,
    )
