"""Followed authors over the loopback services: what is taken, once, when it is due, and what is wrong."""

import asyncio
import copy
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.database import ServerFile
from bot.fetching.errors import FetchError
from bot.servers.follow_store import Followed, FollowStore, Place
from bot.servers.following import Bounds, Following, FollowRefusedError
from retrieval.archive import Archive, ThreadFilter, ThreadOrder
from tests.bot.fetching.services import BLUESKY, INSTANCE, Bluesky, Handler, Mastodon, Web, serving

ADA, BEN = "did:plc:ada", "did:plc:ben"
START = datetime(2026, 5, 4, 12, tzinfo=UTC)
PUBLIC, OWN = Place(None, "main"), Place(7, "own")


@dataclass
class Desk:
    """A following over real files and a loopback service, with a clock that a test turns."""

    archive: Archive
    file: ServerFile
    served: Web
    now: datetime = START
    bounds: Bounds = field(default_factory=Bounds)

    def __post_init__(self) -> None:
        self.store = FollowStore(self.file)
        self.guard = self.served.guard()
        self.work = Following(
            self.archive, self.store, lambda: self.guard, lambda: self.now, bounds=self.bounds
        )

    async def look(self, after: timedelta = timedelta()) -> None:
        """Do what is due at every host, some time later."""
        self.now += after
        for host in (BLUESKY, INSTANCE):
            await self.work.look_at(host)

    async def pass_by(self, time: timedelta) -> None:
        """Let time pass, and do everything when it is due."""
        end = self.now + time
        while True:
            dues = [one.course.due for one in self.store.following(everyone=True)]
            with self.file.reading() as db:
                rows = db.execute("select due from fetched_threads where due is not null")
                dues += [datetime.fromisoformat(due) for (due,) in rows.fetchall()]
            due = min(dues, default=end)
            if not dues or due > end:
                self.now = end
                return
            self.now = max(self.now, due)
            await self.look()

    @property
    def only(self) -> Followed:
        (one,) = self.store.following(everyone=True)
        return one

    def news(self, since: int = 0, server_id: int | None = None) -> list[str]:
        """Return the openings of what is new for a digest."""
        _, until = self.archive.timeline.position()
        found, _ = self.archive.timeline.new_threads(
            self.archive.catalog.scope(server_id), since=since, until=until, limit=99
        )
        return sorted(one.opening for one in found)

    def lengths(self, server_id: int | None = None) -> list[int]:
        """Return how many posts each thread of a server has, without one each public thread."""
        catalog = self.archive.catalog
        scope = catalog.visible_scope(None) if server_id is None else catalog.own_scope(server_id)
        found, _ = self.archive.thread_lists.page(scope, ThreadFilter(), ThreadOrder.DATE, limit=99)
        return sorted(one.length for one in found)


@asynccontextmanager
async def desk(handler: Handler, folder: Path, bounds: Bounds | None = None) -> AsyncIterator[Desk]:
    async with serving(handler) as served:
        with Archive.open(folder / "archive.db") as archive, ServerFile.open(folder / "servers.db") as file:
            held = Desk(archive, file, served, bounds=bounds or Bounds())
            async with held.guard:
                yield held


def at(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def write(
    service: Bluesky | Mastodon,
    name: str,
    count: int,
    end: datetime,
    *,
    first: int = 0,
    below: str | None = None,
) -> list[str]:
    """Add a thread of Ada's whose posts are a minute apart and end then; return their keys."""
    texts = [
        f"The {name} has a part {number} that is worth a note." for number in range(first, first + count)
    ]
    if isinstance(service, Bluesky):
        keys = service.add_line(ADA, texts, below=below, key=f"{name}{first}x")
    else:
        latest = max((int(one) for one in service.statuses), default=1000)
        keys = service.add_line("ada", texts, below=below, first=latest + 1)
    for place, key in enumerate(keys):
        service.times[key] = at(end - timedelta(minutes=count - 1 - place))
    return keys


def bluesky() -> Bluesky:
    return Bluesky(handles={"ada.example": ADA, "ben.example": BEN})


def mastodon() -> Mastodon:
    return Mastodon()


HANDLES = {"bluesky": "@ada.example", "mastodon": f"@ada@{INSTANCE}"}
SERVICES: dict[str, Callable[[], Bluesky | Mastodon]] = {"bluesky": bluesky, "mastodon": mastodon}


@pytest.fixture(params=SERVICES)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def service(kind: str) -> Bluesky | Mastodon:
    return SERVICES[kind]()


@pytest.fixture
def handle(kind: str) -> str:
    return HANDLES[kind]


Service = Bluesky | Mastodon


@pytest.mark.slow
async def test_a_new_follow_takes_twenty_threads_and_announces_none(
    service: Service, handle: str, tmp_path: Path
) -> None:
    for number in range(26):
        write(service, f"lamp{number}", 3, START - timedelta(days=30 - number))
    write(service, "short", 2, START - timedelta(days=1))
    async with desk(service, tmp_path) as held:
        _, new = await held.work.follow(handle, PUBLIC)
        assert new
        await held.look()
        assert held.lengths() == [3] * 20
        assert held.news() == []
        assert held.only.course.succeeded == START
        # Neither later looks nor a second follow of the same place take the rest.
        await held.pass_by(timedelta(days=2))
        assert (await held.work.follow(handle, PUBLIC))[1] is False
        await held.look()
        assert held.lengths() == [3] * 20
        assert held.news() == []


async def test_a_thread_is_taken_at_three_posts_and_an_hour_of_silence_and_is_news_once(
    service: Service, handle: str, tmp_path: Path
) -> None:
    write(service, "old", 3, START - timedelta(days=2))
    async with desk(service, tmp_path) as held:
        await held.work.follow(handle, PUBLIC)
        await held.look()
        keys = write(service, "harbour", 2, START + timedelta(minutes=40))
        await held.pass_by(timedelta(hours=3))
        assert held.lengths() == [3]
        end = held.now + timedelta(minutes=10)
        write(service, "harbour", 2, end, first=2, below=keys[-1])
        held.now = end
        await held.pass_by(timedelta(minutes=59))
        assert held.lengths() == [3]
        await held.pass_by(timedelta(hours=1))
        assert held.lengths() == [3, 4]
        assert [one for one in held.news() if "harbour" in one] == held.news() != []
        # What grows later is taken anew and is no news.
        _, before = held.archive.timeline.position()
        write(
            service,
            "harbour",
            2,
            held.now,
            first=4,
            below="harbour2x1" if isinstance(service, Bluesky) else max(service.statuses, key=int),
        )
        await held.pass_by(timedelta(hours=3))
        assert held.lengths() == [3, 6]
        assert held.news(since=before) == []
        assert len(held.archive.catalog.sources()) == 3


async def test_a_changed_handle_makes_no_difference(service: Service, handle: str, tmp_path: Path) -> None:
    write(service, "old", 3, START - timedelta(days=2))
    async with desk(service, tmp_path) as held:
        await held.work.follow(handle, PUBLIC)
        await held.look()
        if isinstance(service, Bluesky):
            service.handles = {"countess.example": ADA}
        else:
            service.names["ada"] = "countess"
        write(service, "quay", 3, START + timedelta(hours=1))
        await held.pass_by(timedelta(hours=4))
        assert held.lengths() == [3, 3]
        assert held.only.account.handle.startswith("countess")
        await held.pass_by(timedelta(days=9))
        assert held.lengths() == [3, 3]
        assert len({source.name for source in held.archive.catalog.sources()}) == 2


async def test_one_look_serves_everybody_who_follows(service: Service, handle: str, tmp_path: Path) -> None:
    write(service, "old", 3, START - timedelta(days=2))
    async with desk(service, tmp_path) as held:
        for place in (PUBLIC, OWN, Place(8, "main")):
            await held.work.follow(handle, place)
        held.served.requests.clear()
        await held.look()
        looks = [one for one in held.served.requests if "getAuthorFeed" in one or "statuses?" in one]
        assert len(looks) <= 2  # the second where a page says that there may be more
        assert held.lengths() == held.lengths(7) == held.lengths(8) == [3]
        assert held.store.accounts() == 1
        walked = [one for one in held.served.requests if one not in looks]
        assert len(walked) == len(set(walked))


@pytest.mark.slow
async def test_nothing_changed_is_an_answer_of_304_and_looks_become_rare(
    service: Service, handle: str, tmp_path: Path
) -> None:
    write(service, "old", 3, START - timedelta(days=2))
    async with desk(service, tmp_path) as held:
        await held.work.follow(handle, PUBLIC)
        await held.look()
        assert held.only.course.etag
        held.served.requests.clear()
        await held.pass_by(timedelta(days=30))
        # From hours between looks to a day; one request each but for the weekly look at the thread.
        assert 35 <= len(held.served.requests) <= 110
        assert (
            timedelta(hours=12)
            < held.only.course.due - (held.only.course.looked or START)
            < timedelta(hours=27)
        )
        write(service, "new", 3, held.now)
        await held.pass_by(timedelta(days=2))
        assert held.lengths() == [3, 3]


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_failure_shows_its_reason_and_is_made_up_for(
    service: Service, handle: str, tmp_path: Path, status: int
) -> None:
    write(service, "old", 3, START - timedelta(days=2))
    async with desk(service, tmp_path) as held:
        await held.work.follow(handle, PUBLIC)
        await held.look()
        service.failing = lambda _what: status
        write(service, "quay", 3, START + timedelta(hours=1))
        await held.pass_by(timedelta(hours=10))
        one = held.only
        assert one.reason
        assert one.course.failures >= 3
        assert one.course.succeeded is not None
        assert one.course.looked is not None
        assert one.course.succeeded < one.course.looked
        assert held.lengths() == [3]
        service.failing = lambda _what: None
        held.guard._hosts.clear()
        await held.pass_by(timedelta(days=1))
        assert held.only.reason is None
        assert held.lengths() == [3, 3]
        assert len(held.news()) == 1


async def test_max_age_and_retry_after_are_waited_for(service: Service, handle: str, tmp_path: Path) -> None:
    write(service, "old", 3, START - timedelta(minutes=2))
    service.max_age = 6 * 3600
    async with desk(service, tmp_path) as held:
        await held.work.follow(handle, PUBLIC)
        await held.look()
        assert held.only.course.due >= START + timedelta(hours=6)
        held.store.rest_host(held.only.account.host, START + timedelta(hours=9))
        assert held.only.course.due == START + timedelta(hours=9)


async def test_authors_who_do_not_want_it_are_not_followed_or_followed_no_further(
    service: Service, handle: str, tmp_path: Path
) -> None:
    write(service, "old", 3, START - timedelta(days=2))
    async with desk(service, tmp_path) as held:
        await held.work.follow(handle, PUBLIC)
        await held.look()
        if isinstance(service, Bluesky):
            service.labels[ADA] = ["!no-unauthenticated"]
        else:
            service.noindex.add("ada")
        with pytest.raises(FetchError, match="is by an author who"):
            await held.work.follow(handle, OWN)
        write(service, "quay", 3, START + timedelta(hours=1))
        await held.pass_by(timedelta(days=2))
        assert held.lengths() == [3]
        assert "is by an author who" in (held.only.reason or "")


async def test_posts_that_are_not_public_and_answers_to_others_are_left_out(tmp_path: Path) -> None:
    service = Mastodon()
    write(service, "secret", 3, START - timedelta(days=2))
    service.statuses = {key: (*one[:3], "private") for key, one in service.statuses.items()}
    service.add_line("ben", ["What is a quay for?"], first=3000)
    service.times["3000"] = at(START - timedelta(days=1))
    write(service, "answer", 4, START - timedelta(hours=20), below="3000")
    async with desk(service, tmp_path) as held:
        await held.work.follow(f"https://{INSTANCE}/@ada", PUBLIC)
        await held.look()
        assert held.lengths() == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ada",
        "@ada",
        "https://x.com/ada",
        "https://example.org/blog",
        "https://127.0.0.1/@ada",
        "@a@127.0.0.1",
        "😀",
    ],
)
async def test_what_names_no_author_is_refused_before_anything_is_asked(tmp_path: Path, text: str) -> None:
    async with desk(Mastodon(), tmp_path) as held:
        with pytest.raises(FetchError):
            await held.work.follow(text, PUBLIC)
        assert held.served.requests == []


async def test_bounds_hold_for_a_server_and_in_all(tmp_path: Path) -> None:
    service = Bluesky(handles={f"a{number}.example": f"did:plc:{number}" for number in range(6)})
    async with desk(service, tmp_path, bounds=Bounds(server=2, all=4)) as held:
        for number in (0, 1):
            await held.work.follow(f"@a{number}.example", OWN)
        with pytest.raises(FollowRefusedError, match="server"):
            await held.work.follow("@a2.example", OWN)
        for number in (2, 3):
            await held.work.follow(f"@a{number}.example", PUBLIC)
        with pytest.raises(FollowRefusedError, match="all"):
            await held.work.follow("@a4.example", PUBLIC)
        await held.work.follow("@a3.example", Place(8, "main"))


async def test_a_full_server_takes_nothing_and_says_so(tmp_path: Path) -> None:
    service = bluesky()
    write(service, "old", 3, START - timedelta(days=2))
    async with desk(service, tmp_path, bounds=Bounds(posts=0)) as held:
        await held.work.follow("@ada.example", OWN)
        await held.look()
        assert held.lengths(7) == []
        (one,) = held.store.following(7)
        assert "0 are allowed" in (one.reason or "")


@pytest.mark.slow
async def test_a_walk_that_breaks_off_is_news_once_it_is_whole(
    service: Service, handle: str, tmp_path: Path
) -> None:
    write(service, "old", 3, START - timedelta(days=2))
    async with desk(service, tmp_path) as held:
        await held.work.follow(handle, PUBLIC)
        await held.look()
        count = 300 if isinstance(service, Bluesky) else 70
        long = write(service, "epic", count, START + timedelta(hours=2))
        if isinstance(service, Bluesky):
            service.deepest = 20
            service.failing = lambda what: 503 if what == long[40] else None
        else:
            service.failing = lambda what: 503 if what.endswith(f"{long[29]}/context") else None
        await held.pass_by(timedelta(hours=4))
        assert sum(held.lengths()) < 3 + count
        assert held.news() == []
        service.failing = lambda _what: None
        held.guard._hosts.clear()
        await held.pass_by(timedelta(days=1))
        assert held.lengths() == [3, count]
        assert len({source.name for source in held.archive.catalog.sources()}) <= 3
        assert len(held.news()) == 1


@pytest.mark.slow
async def test_a_root_that_is_gone_twice_a_day_apart_is_taken_out(
    service: Service, handle: str, tmp_path: Path
) -> None:
    write(service, "old", 3, START - timedelta(days=5))
    gone = write(service, "regret", 3, START - timedelta(days=2))
    async with desk(service, tmp_path) as held:
        await held.work.follow(handle, PUBLIC)
        await held.look()
        assert held.lengths() == [3, 3]
        kept = copy.deepcopy(service)
        for key in gone:
            (service.statuses if isinstance(service, Mastodon) else service.posts).pop(key)
        await held.pass_by(timedelta(days=8))
        # Once is not enough: it comes back, and is whole.
        if held.lengths() == [3, 3]:
            if isinstance(service, Mastodon) and isinstance(kept, Mastodon):
                service.statuses = dict(kept.statuses)
            elif isinstance(service, Bluesky) and isinstance(kept, Bluesky):
                service.posts = dict(kept.posts)
            await held.pass_by(timedelta(days=3))
            assert held.lengths() == [3, 3]
            for key in gone:
                (service.statuses if isinstance(service, Mastodon) else service.posts).pop(key)
        await held.pass_by(timedelta(days=10))
        assert held.lengths() == [3]


async def test_an_edit_comes_with_the_weekly_look(service: Service, handle: str, tmp_path: Path) -> None:
    keys = write(service, "old", 3, START - timedelta(days=2))
    async with desk(service, tmp_path) as held:
        await held.work.follow(handle, PUBLIC)
        await held.look()
        table = service.statuses if isinstance(service, Mastodon) else service.posts
        table[keys[1]] = (table[keys[1]][0], "A zirconium part that was written anew.", *table[keys[1]][2:])
        await held.pass_by(timedelta(days=8))
        held.archive.refresh()
        answer = held.archive.ask("zirconium part", held.archive.catalog.scope())
        assert any("written anew" in excerpt.post.text for excerpt in answer.excerpts)
        assert len({source.name for source in held.archive.catalog.sources()}) == 1


@pytest.mark.slow
async def test_what_was_taken_back_or_forgotten_does_not_come_again(
    service: Service, handle: str, tmp_path: Path
) -> None:
    write(service, "old", 3, START - timedelta(days=2))
    write(service, "other", 3, START - timedelta(days=3))
    async with desk(service, tmp_path) as held:
        await held.work.follow(handle, PUBLIC)
        await held.look()
        held.archive.take_back([held.archive.catalog.sources()[0].id])
        await held.pass_by(timedelta(days=20))
        assert held.lengths() == [3]
        name = held.only.account.handle
        held.archive.forget_author(name)
        assert held.store.forget_author(f"@{name}") == 1
        await held.pass_by(timedelta(days=20))
        assert held.lengths() == []
        assert held.store.following(everyone=True) == []


async def test_unfollowing_keeps_the_threads_and_stops_the_looks(
    service: Service, handle: str, tmp_path: Path
) -> None:
    write(service, "old", 3, START - timedelta(days=40))
    async with desk(service, tmp_path) as held:
        await held.work.follow(handle, PUBLIC)
        await held.look()
        held.store.remove(held.only.follow.id)
        held.served.requests.clear()
        await held.look(timedelta(days=2))
        assert held.lengths() == [3]
        assert held.served.requests == []


async def test_after_a_pause_nothing_comes_in_a_burst_and_nothing_is_missed(tmp_path: Path) -> None:
    service = Bluesky(handles={f"a{number}.example": f"did:plc:{number}" for number in range(40)})
    async with desk(service, tmp_path) as held:
        for number in range(40):
            await held.work.follow(f"@a{number}.example", PUBLIC)
        await held.look()
        held.now += timedelta(days=9)
        held.served.requests.clear()
        await asyncio.to_thread(held.work._begin)
        await held.look()
        assert len(held.served.requests) <= 2
        await held.pass_by(timedelta(minutes=15))
        assert 5 < len(held.served.requests) < 35
        await held.pass_by(timedelta(minutes=15))
        assert len(held.served.requests) == 40


@pytest.mark.slow
async def test_more_posts_than_a_page_since_the_last_look_are_all_seen(
    service: Service, handle: str, tmp_path: Path
) -> None:
    write(service, "old", 3, START - timedelta(days=2))
    async with desk(service, tmp_path) as held:
        await held.work.follow(handle, PUBLIC)
        await held.look()
        for number in range(40):
            write(service, f"day{number}", 4, START + timedelta(hours=1 + number))
        held.now += timedelta(days=3)
        await held.pass_by(timedelta(hours=5))
        assert held.lengths() == [3] + [4] * 40
        assert len(held.news()) == 40
