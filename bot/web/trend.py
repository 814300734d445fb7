"""How often words were posted about by month, where dates are known."""

from markupsafe import Markup

from bot.charts import drawn_svg, run_of_months
from bot.i18n import translations_for
from bot.web.ask import question_of
from bot.web.page import Page, PageRequest
from bot.web.site import Site
from bot.web.templates import render_template

__all__ = ["trend"]


def trend(site: Site, request: PageRequest) -> Page:
    """Return the page for the words in the address, or the box for them where there are none."""
    words, scope = question_of(request), site.scope()
    counts = site.archive.answers.months(words, scope) if words else {}
    undated = counts.pop(None, 0)
    dated = {month: count for month, count in counts.items() if month is not None}
    run = run_of_months(dated)
    picture = ""
    if run:
        # Drawn here out of numbers alone, so it is the one thing that is not escaped.
        picture = Markup(drawn_svg(run, translations_for(request.locale).say("page-trend-picture")))  # noqa: S704
    total = sum(dated.values()) + undated
    return render_template(
        "trend.html",
        request,
        words=words,
        picture=picture,
        months=sorted(dated.items(), reverse=True),
        dated=sum(dated.values()),
        undated=undated,
        total=total,
        # Words that nearly every post holds are no search terms, which is not the same as standing nowhere.
        too_common=bool(words) and not total and not site.archive.answers.holds_terms(words, scope),
    )
