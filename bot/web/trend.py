"""How often words were posted about by month, where dates are known."""

from markupsafe import Markup

from bot.charts import drawn_svg, run_of_months
from bot.i18n import translations_for
from bot.web.error_pages import BadRequestError
from bot.web.page import Page, PageRequest
from bot.web.site import Site
from bot.web.templates import render_template
from bot.web.thread import MAX_QUERY_LENGTH

__all__ = ["trend"]


def trend(site: Site, request: PageRequest) -> Page:
    """Return the page for the words in the address, or the box for them where there are none."""
    words = " ".join(request.query.get("q", "").split())
    if len(words) > MAX_QUERY_LENGTH:
        raise BadRequestError(414)
    counts = site.archive.months(words, site.scope()) if words else {}
    undated = counts.pop(None, 0)
    dated = {month: count for month, count in counts.items() if month is not None}
    run = run_of_months(dated)
    picture = ""
    if run:
        # Drawn here out of numbers alone, so it is the one thing that is not escaped.
        picture = Markup(drawn_svg(run, translations_for(request.locale).say("page-trend-picture")))  # noqa: S704
    return render_template(
        "trend.html",
        request,
        words=words,
        picture=picture,
        months=sorted(dated.items(), reverse=True),
        dated=sum(dated.values()),
        undated=undated,
        total=sum(dated.values()) + undated,
    )
