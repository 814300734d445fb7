"""Families of threads, drawn at random: of each its author's line is read whole, or truly as a fragment."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from aiohttp import web

from bot.fetching.errors import FetchError
from bot.fetching.links import FetchedThread, fetch_thread
from retrieval.model import Completeness, Thread
from retrieval.readers.registry import read
from tests.bot.fetching.services import INSTANCE, Bluesky, Mastodon, Web, serving
from tests.promises.figures import note

ADA, BEN = "did:plc:ada", "did:plc:ben"
# About the limits of the services: 6 deep, 20 deep, 40 above, 60 below, 200 deep.
LENGTHS = (
    1,
    2,
    3,
    5,
    6,
    7,
    8,
    19,
    20,
    21,
    22,
    39,
    40,
    41,
    42,
    59,
    60,
    61,
    62,
    63,
    99,
    121,
    141,
    199,
    201,
    202,
)


@dataclass
class Family:
    """A thread of Ada's with what others answer to it, in a service; ``line`` has the names of its posts."""

    service: Bluesky | Mastodon
    line: list[str]
    texts: list[str]
    _next: int = field(default=1_000_000)

    def link(self, name: str) -> str:
        if isinstance(self.service, Bluesky):
            return f"https://bsky.app/profile/ada.example/post/{name}"
        return f"https://{INSTANCE}/@ada/{name}"

    def add(self, who: str, count: int, below: str) -> list[str]:
        """Add a chain of answers below a post; return their names."""
        self._next += 1_000
        said = [f"Answer {self._next + number} that {who} wrote below." for number in range(count)]
        if isinstance(self.service, Bluesky):
            did = ADA if who == "ada" else BEN
            return self.service.add_line(did, said, below=below, key=f"a{self._next}x")
        return self.service.add_line(who, said, below=below, first=self._next)


def family(service: Bluesky | Mastodon, chance: random.Random, branches: int = 2) -> Family:
    """Return a thread of any length with answers of others, answers to those, and some shorter branches."""
    count = chance.choice(LENGTHS) if chance.random() < 0.7 else chance.randint(1, 160)
    texts = [f"The part {number} of what Ada holds of looms." for number in range(count)]
    if isinstance(service, Bluesky):
        held = Family(service, service.add_line(ADA, texts), texts)
    else:
        held = Family(service, service.add_line("ada", texts), texts)
    for _ in range(chance.randint(0, 6)):
        place = chance.randrange(count)
        answers = held.add("ben", chance.choice([1, 1, 2, 5, 25]), held.line[place])
        if chance.random() < 0.4:
            held.add("ada", chance.randint(1, 3), chance.choice(answers))
    if chance.random() < 0.3:
        crowded = chance.choice(held.line)
        for _ in range(chance.choice([5, 65])):
            held.add("ben", 1, crowded)
    for _ in range(chance.randint(0, branches)):
        # What Ada adds to an earlier post is shorter than how the thread goes on from there.
        place = chance.randrange(count)
        if count - 1 - place > 1:
            held.add("ada", chance.randint(1, min(4, count - 2 - place)), held.line[place])
    return held


def drawn(kind: str, chance: random.Random, branches: int = 2) -> Family:
    if kind == "mastodon":
        return family(Mastodon(), chance, branches)
    handles = {"ada.example": ADA, "ben.example": BEN}
    return family(Bluesky(handles=handles, deepest=chance.choice([6, 20, 100, 1_000])), chance, branches)


@dataclass
class Shelf:
    """The server of one family after the other."""

    served: Web
    shown: list[Family]

    async def walk(self, held: Family, name: str) -> FetchedThread:
        self.shown[:] = [held]
        async with self.served.guard() as guard:
            return await fetch_thread(guard, held.link(name))


@asynccontextmanager
async def shelf() -> AsyncIterator[Shelf]:
    shown: list[Family] = []

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        return await shown[0].service(request)

    async with serving(answer) as served:
        yield Shelf(served, shown)


def main_thread(walk: FetchedThread, first: str) -> Thread:
    """Return the one thread that begins with a text."""
    (found,) = [one for one in read(walk.file).threads if one.posts[0].text == first]
    return found


KINDS = pytest.mark.parametrize("kind", ["bluesky", "mastodon"])


@KINDS
async def test_the_line_of_any_family_is_whole_and_in_order_from_any_of_its_posts(kind: str) -> None:
    chance = random.Random(f"whole {kind}")  # noqa: S311 - the same in every run
    async with shelf() as held:
        for number in range(40):
            one = drawn(kind, chance)
            walk = await held.walk(one, chance.choice(one.line))
            thread = main_thread(walk, one.texts[0])
            assert [post.text for post in thread.posts] == one.texts, number
            assert walk.missing is None, number
            assert thread.completeness is not Completeness.FRAGMENT, number
    note(f"{kind}: 40 families read whole")


@pytest.mark.slow
@KINDS
async def test_what_cannot_be_read_of_any_family_leaves_a_fragment_without_a_gap(kind: str) -> None:
    chance = random.Random(f"broken {kind}")  # noqa: S311 - the same in every run
    broken = 0
    async with shelf() as held:
        for number in range(20):
            one = drawn(kind, chance)
            asked = chance.choice(one.line)
            before = len(held.served.requests)
            await held.walk(one, asked)
            # The same walk again, and one of its requests after the first fails.
            requests = [
                request for request in held.served.requests[before:] if "resolveHandle" not in request
            ]
            failing, came = chance.randrange(1, max(2, len(requests))), 0

            def fails(_what: str, failing: int = failing) -> int | None:
                nonlocal came
                came += 1
                return 503 if came > failing else None

            one.service.failing = fails
            try:
                walk = await held.walk(one, asked)
            except FetchError:
                continue
            if came <= failing:
                continue
            broken += 1
            assert_fragment(walk, one, number)
    note(f"{kind}: {broken} families read in part")
    assert broken >= 8


def assert_fragment(walk: FetchedThread, one: Family, number: int) -> None:
    """Check that what came of the line is one run of it, and is taken for whole only where it is."""
    line = set(one.texts)
    (thread,) = [found for found in read(walk.file).threads if line & {post.text for post in found.posts}]
    came = [post.text for post in thread.posts]
    begin = one.texts.index(came[0]) if came[0] in line else -1
    known = [text for text in came if text in line]
    assert known == one.texts[begin : begin + len(known)], number
    if known != one.texts:
        assert thread.completeness is Completeness.FRAGMENT, number
        assert walk.missing is not None, number


@KINDS
async def test_a_post_that_is_gone_of_any_family_parts_the_line_and_the_rest_is_a_fragment(kind: str) -> None:
    chance = random.Random(f"gone {kind}")  # noqa: S311 - the same in every run
    async with shelf() as held:
        for number in range(25):
            one = drawn(kind, chance, branches=0)
            if len(one.line) < 2:
                continue
            gone = chance.randrange(1, len(one.line))
            one.service.gone.add(one.line[gone])
            asked = chance.choice([place for place in range(len(one.line)) if place != gone])
            walk = await held.walk(one, one.line[asked])
            expected = one.texts[:gone] if asked < gone else one.texts[gone + 1 :]
            thread = main_thread(walk, expected[0])
            assert [post.text for post in thread.posts] == expected, number
            if asked > gone:
                assert thread.completeness is Completeness.FRAGMENT, number
