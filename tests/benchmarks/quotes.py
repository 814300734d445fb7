"""Measure how rightly quotations are checked, and how fast beside answers, with quotations made for it.

From the posts of collections come quotations that are true, true but for typographic noise, with one word
changed, with a negation added or dropped (English, German, Russian), of two posts joined (neighbours, with
and without a mark of omission; posts of two threads), foreign, and too short. What a quotation should be is
known from how it was made; one that by chance stands in the archive is left out. Nothing altered may pass for
exact or the same, and 99.5 % of all must be right. Its own archive of made-up posts, of as many as wanted, is
then asked and checked in turn: a check may take five times as long as an answer, by the median.

Run it as ``python -m tests.benchmarks.quotes COLLECTIONS --quotes 10000 --posts 1000000``; it exits with 1
where any of the three does not hold.
"""

import argparse
import random
import re
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from retrieval.archive import Archive
from retrieval.evaluation.collection import JudgedPost, load, threads_of
from retrieval.model import QuoteResult, Scope
from retrieval.storage.store import Source, Store
from tests.benchmarks.archives import archive_of
from tests.benchmarks.corpus import Corpus

__all__ = ["Made", "Outcome", "checked", "fill", "made_quotes", "main", "times"]

LEAST_RIGHT = 0.995
MOST_ASKS = 5.0
#: Collections that are the archive, with their languages, and those that quotations are foreign from.
HELD = {"squad": "en", "qmsum": "en", "languages/de": "de", "languages/ru": "ru", "languages/zh": "zh"}
FOREIGN = ("vaswani", "molweni", "languages/vi")
_DAY = datetime(2026, 1, 1, tzinfo=UTC)
_NEGATIONS = {
    "en": (
        re.compile(r" (?:not|never|n't)(?= )"),
        re.compile(r"(?<= )(?:is|was|are|were|will|can|has|do)(?= )"),
        " not",
    ),
    "de": (
        re.compile(r" (?:nicht|nie)(?= )"),
        re.compile(r"(?<= )(?:ist|war|hat|wurde|sind|waren|wird)(?= )"),
        " nicht",
    ),
    "ru": (re.compile(r" не(?= )"), re.compile(r"(?<= )(?:и|в|на|что|был|была|было)(?= )"), " не"),
}
_REPLACEMENTS = {
    "en": ["seven", "blue", "against", "yesterday", "lion", "eastern", "rarely", "father"],
    "de": ["sieben", "blaue", "gegen", "gestern", "löwe", "östliche", "selten", "vater"],
    "ru": ["семь", "синий", "против", "вчера", "лев", "восточный", "редко", "отец"],
}
_EXPECTED_TRUE = frozenset({QuoteResult.EXACT, QuoteResult.SAME})


@dataclass(frozen=True, slots=True)
class Made:
    """A quotation, how it was made, and what it may be called."""

    kind: str
    text: str
    expected: frozenset[QuoteResult]


@dataclass(slots=True)
class Outcome:
    """How quotations were called: by kind how many, how many rightly; and what was wrong."""

    made: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    results: Counter[tuple[str, str]] = field(default_factory=Counter)
    passed: list[Made] = field(default_factory=list)
    wrong: list[tuple[Made, str]] = field(default_factory=list)

    @property
    def share(self) -> float:
        """Return the share of quotations that were called rightly."""
        return self.right.total() / max(1, self.made.total())


class _Texts:
    """The posts of the collections by language, and their letters for a plain look of what stands in them."""

    def __init__(self, folder: Path, names: Sequence[str]) -> None:
        self.posts: dict[str, list[JudgedPost]] = {
            name: sorted(load(folder / name).posts, key=lambda post: (post.thread, post.place))
            for name in names
        }
        self._threads: dict[str, str] = {}
        for name, posts in self.posts.items():
            for post in posts:
                thread = f"{name}/{post.thread}"
                self._threads[thread] = self._threads.get(thread, "") + letters(post.text)
        self._letters = "\n".join(
            letters(" ".join(post.text for post in posts)) for posts in self.posts.values()
        )

    def hold_in_order(self, first: str, second: str) -> bool:
        """Return whether any thread holds the letters of one text, and those of another behind them."""
        one, other = letters(first), letters(second)
        return any(
            (at := text.find(one)) >= 0 and text.find(other, at + len(one)) >= 0
            for text in self._threads.values()
        )

    def hold(self, text: str) -> bool:
        """Return whether the letters and digits of a text stand one after another anywhere."""
        return letters(text) in self._letters


def letters(text: str) -> str:
    """Return the letters and digits of a text, small."""
    return "".join(filter(str.isalnum, text.lower()))


def fill(path: Path, folder: Path) -> None:
    """Make an archive of the collections."""
    with Store.open(path) as store:
        for name, language in HELD.items():
            collection = store.collection(name, language=language)
            store.save(threads_of(load(folder / name)), collection, Source(name, name, "judged"), _DAY)


def made_quotes(folder: Path, count: int, seed: int = 1) -> Iterator[Made]:
    """Yield quotations of every kind in turn, each judged by how it was made."""
    rng = random.Random(seed)  # noqa: S311 - a repeatable sample
    held, foreign = _Texts(folder, list(HELD)), _Texts(folder, FOREIGN)
    makers: dict[str, Callable[[], str | None]] = {
        "true": lambda: _slice(rng, _post(rng, held)[1].text),
        "noise": lambda: _noisy(rng, _slice(rng, _post(rng, held)[1].text)),
        "one word changed": lambda: _changed(rng, *_post(rng, held)),
        "negation added": lambda: _negated(rng, *_post(rng, held), add=True),
        "negation dropped": lambda: _negated(rng, *_post(rng, held), add=False),
        "neighbours joined": lambda: _neighbours(rng, held, " "),
        "neighbours joined by …": lambda: _neighbours(rng, held, rng.choice([" … ", " ... ", " […] "])),
        "two threads joined": lambda: _strangers(rng, held),
        "foreign": lambda: _slice(rng, _post(rng, foreign)[1].text, least=6),
        "short": lambda: _few(rng, *_post(rng, held)),
    }
    true, altered = _EXPECTED_TRUE, frozenset({QuoteResult.ALTERED})
    expected = {
        "true": true,
        "noise": true,
        "neighbours joined": true,
        "neighbours joined by …": true,
        "foreign": frozenset({QuoteResult.ABSENT}),
        "short": frozenset({QuoteResult.SHORT}),
    }
    made = 0
    while made < count:
        for kind, make in makers.items():
            text = make()
            if text is None or (kind != "short" and len(text.split()) < 4 and text.isascii()):
                continue
            wanted = expected.get(kind, altered)
            if (QuoteResult.ALTERED in wanted or kind == "foreign") and held.hold(text):
                continue
            if kind != "short" and _short(text):
                continue
            yield Made(kind, text, wanted)
            made += 1
            if made == count:
                return


def _short(text: str) -> bool:
    """Return whether a text is too short by the plain rule; of scripts without spaces, under ten letters."""
    if any("\u3040" < letter < "\u9fff" for letter in text):
        return len(letters(text)) < 12
    return len(re.findall(r"\w+", text)) < 5 or len(text) < 24


def _post(rng: random.Random, texts: _Texts) -> tuple[str, JudgedPost]:
    name = rng.choice(list(texts.posts))
    return name, rng.choice(texts.posts[name])


def _slice(rng: random.Random, text: str, least: int = 5) -> str:
    words = text.split(" ")
    if len(words) <= least or rng.random() < 0.3:
        return text
    size = rng.randint(least, len(words))
    start = rng.randint(0, len(words) - size)
    return " ".join(words[start : start + size])


def _few(rng: random.Random, name: str, post: JudgedPost) -> str | None:
    if HELD[name] == "zh":
        return "".join(re.findall("[\u4e00-\u9fff]+", post.text))[: rng.randint(3, 7)]
    return " ".join(post.text.split()[: rng.randint(1, 3)])


def _noisy(rng: random.Random, text: str) -> str:
    swaps: list[Callable[[str], str]] = [
        lambda one: one.replace("'", "’").replace('"', "“"),
        lambda one: one.replace("-", "–"),
        lambda one: one.replace("–", "-").replace("—", "-"),
        str.upper if "ß" not in text else str.lower,
        str.lower,
        lambda one: one.replace(" ", "  ", 3),
        lambda one: one.replace(" ", "\u00a0"),
        lambda one: one.replace(" ", "\n", 2),
        lambda one: f"“{one}”",
        lambda one: f"> {one}",
        lambda one: one.replace(" ", " \u200b", 2),
        lambda one: one.rstrip(".") + ",",
        lambda one: one[:1].swapcase() + one[1:],
    ]
    for swap in rng.sample(swaps, 2):
        text = swap(text)
    return text


def _changed(rng: random.Random, name: str, post: JudgedPost) -> str | None:
    language = HELD[name]
    text = _slice(rng, post.text)
    if language == "zh":
        places = [at for at, letter in enumerate(text) if "\u4e00" <= letter <= "\u9fff"]
        if len(places) < 12:
            return None
        at = rng.choice(places)
        return text[:at] + ("马" if text[at] != "马" else "牛") + text[at + 1 :]
    words = text.split(" ")
    places = [at for at, word in enumerate(words) if letters(word)]
    if len(places) < 5:
        return None
    words[rng.choice(places)] = rng.choice(_REPLACEMENTS[language])
    return " ".join(words)


def _negated(rng: random.Random, name: str, post: JudgedPost, *, add: bool) -> str | None:
    if HELD[name] not in _NEGATIONS:
        return None
    negation, verb, word = _NEGATIONS[HELD[name]]
    found = list((verb if add else negation).finditer(post.text))
    if not found:
        return None
    match = rng.choice(found)
    text = post.text
    return (
        text[: match.end()] + word + text[match.end() :]
        if add
        else text[: match.start()] + text[match.end() :]
    )


def _neighbours(rng: random.Random, texts: _Texts, between: str) -> str | None:
    name = rng.choice(list(texts.posts))
    posts = texts.posts[name]
    at = rng.randrange(len(posts) - 1)
    first, second = posts[at], posts[at + 1]
    if first.thread != second.thread or _short(first.text) or _short(second.text):
        return None
    if between == " ":
        left, right = first.text.split(" "), second.text.split(" ")
        return " ".join(
            left[-rng.randint(min(3, len(left)), len(left)) :] + right[: rng.randint(3, max(3, len(right)))]
        )
    return f"{first.text}{between}{second.text}"


def _strangers(rng: random.Random, texts: _Texts) -> str | None:
    name = rng.choice(list(texts.posts))
    first, second = (rng.choice(texts.posts[name]) for _ in range(2))
    if first.thread == second.thread or _short(first.text) or _short(second.text):
        return None
    if texts.hold_in_order(first.text, second.text):
        return None
    return first.text + rng.choice([" … ", " "]) + second.text


def checked(archive: Archive, scope: Scope, quotes: Sequence[Made]) -> Outcome:
    """Check every quotation, and compare with how it was made."""
    outcome = Outcome()
    for made in quotes:
        result = archive.answers.check_quote(made.text, scope).result
        outcome.made[made.kind] += 1
        outcome.results[made.kind, result.value] += 1
        outcome.right[made.kind] += result in made.expected
        if result not in made.expected:
            outcome.wrong.append((made, result.value))
            if result in _EXPECTED_TRUE:
                outcome.passed.append(made)
    return outcome


def times(folder: Path, posts: int, count: int) -> tuple[float, float]:
    """Return the median seconds of an answer and of a check in an archive of made-up posts, asked in turn."""
    rng = random.Random(2)  # noqa: S311 - a repeatable sample
    corpus = Corpus.made(folder / "corpus", posts, 2 * count)
    questions = [" ".join(words) for words in corpus.questions()]
    texts = _sample(rng, corpus, 2 * count)
    asked, checks = [], []
    with Archive.open(archive_of(folder, corpus) / "archive.db") as archive:
        archive.refresh()
        scope = archive.catalog.scope()
        for number, (question, text) in enumerate(zip(questions, texts, strict=True)):
            begun = time.perf_counter()
            archive.ask(question, scope)
            between = time.perf_counter()
            archive.answers.check_quote(text, scope)
            done = time.perf_counter()
            if number >= count:  # the first half warms up
                asked.append(between - begun)
                checks.append(done - between)
    return float(np.median(asked)), float(np.median(checks))


def _sample(rng: random.Random, corpus: Corpus, count: int) -> list[str]:
    """Return slices of posts, a third of them with a word changed, a third made of words of many posts."""
    places = sorted(rng.sample(range(corpus.posts), min(count, corpus.posts)))
    wanted, chosen = iter(places), []
    following = next(wanted)
    for number, text in enumerate(corpus.texts()):
        if number == following:
            chosen.append(text.split(" "))
            following = next(wanted, -1)
    rng.shuffle(chosen)
    texts = []
    for number, said in enumerate((chosen * (count // len(chosen) + 1))[:count]):
        words = list(said)
        if number % 3 == 1:
            words[len(words) // 2] = rng.choice(rng.choice(chosen))
        elif number % 3 == 2:
            words = [rng.choice(rng.choice(chosen)) for _ in said]
        texts.append(" ".join(words))
    return texts


def _say(line: str) -> None:
    print(line)  # noqa: T201 - a command


def main() -> None:
    """Read the options, check, and print the tables; exit with 1 where a promise does not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.quotes", description=__doc__)
    parser.add_argument("collections", type=Path, help="the folder of the collections")
    parser.add_argument("--quotes", type=int, default=10_000)
    parser.add_argument("--posts", type=int, default=0, help="posts of the archive that is timed; 0 for none")
    parser.add_argument("--timed", type=int, default=300, help="answers and checks that are timed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--wrong", type=int, default=0, help="so many wrong results are printed")
    parser.add_argument("--folder", type=Path, help="where to keep the made-up archive")
    given = parser.parse_args()
    failed = []
    with tempfile.TemporaryDirectory(prefix="quotes-") as scratch:
        path = Path(scratch) / "archive.db"
        fill(path, given.collections)
        with Archive.open(path) as archive:
            archive.refresh()
            quotes = list(made_quotes(given.collections, given.quotes, given.seed))
            outcome = checked(archive, archive.catalog.scope(), quotes)
        _say(f"{'made':<26}{'quotes':>7}{'right':>9}  called")
        for kind, count in outcome.made.items():
            called = ", ".join(
                f"{result} {number}" for (of, result), number in sorted(outcome.results.items()) if of == kind
            )
            _say(f"{kind:<26}{count:>7}{outcome.right[kind] / count:>9.2%}  {called}")
        short = sum(number for (_, result), number in outcome.results.items() if result == "short")
        _say(
            f"{'all':<26}{outcome.made.total():>7}{outcome.share:>9.2%}"
            f"; too short {short / given.quotes:.2%}"
            f"; altered, foreign or short ones that passed: {len(outcome.passed)}"
        )
        for made, result in outcome.wrong[: given.wrong]:
            _say(f"  {made.kind}: {result}: {made.text!r}")
        if outcome.share < LEAST_RIGHT:
            failed.append(f"{outcome.share:.2%} right, at least {LEAST_RIGHT:.1%} wanted")
        if outcome.passed:
            failed.append(
                f"{len(outcome.passed)} altered or foreign quotations passed, the first {outcome.passed[0]}"
            )
        if given.posts:
            answer, check = times(given.folder or Path(scratch), given.posts, given.timed)
            _say(
                f"{given.posts:,} posts: an answer {answer * 1e3:.2f} ms, a check {check * 1e3:.2f} ms:"
                f" {check / answer:.2f} times"
            )
            if check > MOST_ASKS * answer:
                failed.append(f"a check takes {check / answer:.1f} answers, at most {MOST_ASKS:g} wanted")
    if failed:
        raise SystemExit("; ".join(failed))


if __name__ == "__main__":
    main()
