"""Words that carry grammar and no subject, by language.

Only function words: pronouns, articles, auxiliaries, prepositions, conjunctions, question words. Longer
lists, as other tools ship them, also hold words such as "system" or "best" and lose the questions that
are about them. English stands here, the other languages in ``languages/``, a text file each.
"""

from functools import cache
from importlib.resources import files

__all__ = ["languages", "stop_words"]

_ENGLISH = """
    i me my mine myself we us our ours ourselves you your yours yourself yourselves he him his himself
    she her hers herself it its itself they them their theirs themselves
    what which who whom whose when where why how this that these those
    am is are was were be been being have has had having do does did doing done
    will would shall should can could may might must ought cannot
    i'm you're he's she's it's we're they're i've you've we've they've i'd you'd he'd she'd we'd they'd
    i'll you'll he'll she'll we'll they'll isn't aren't wasn't weren't hasn't haven't hadn't doesn't don't
    didn't won't wouldn't shan't shouldn't can't couldn't mustn't mightn't let's that's who's what's
    here's there's when's where's why's how's
    a an the and but if or because as until while of at by for with about against between into through
    during before after above below to from up down in out on off over under again further then once
    here there all any both each few more most other some such no nor not only own same so than too very
    s t just also
    anyone anybody anything anywhere someone somebody something somewhere everyone everybody everything
    everywhere nobody nothing nowhere
"""


def languages() -> list[str]:
    """Return the ISO 639-1 codes of the languages whose stop words are known."""
    names = (file.name for file in files("retrieval.analysis.languages").iterdir())
    return sorted(["en", *(name.removesuffix(".txt") for name in names if name.endswith(".txt"))])


@cache
def stop_words(language: str) -> frozenset[str]:
    """Return the stop words of an ISO 639-1 language, none where they are not known.

    They are lower case and have straight apostrophes. Words that are elided before a vowel end with one.
    """
    if language == "en":
        return frozenset(_ENGLISH.split())
    if language not in languages():
        return frozenset()
    text = (files("retrieval.analysis.languages") / f"{language}.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())
