"""Whole threads out of services that give a part at a time: past their limits, and truly told where not."""

import pytest

from bot.fetching.errors import FetchError
from bot.fetching.links import FetchedThread, fetch_thread
from retrieval.model import Completeness, Thread
from retrieval.readers.registry import read
from tests.bot.fetching.services import INSTANCE, Bluesky, Handler, Mastodon, serving

ADA, BEN = "did:plc:ada", "did:plc:ben"


async def walked(handler: Handler, link: str) -> tuple[FetchedThread, int]:
    """Return the walk from a link, and how many requests it took."""
    async with serving(handler) as served, served.guard() as guard:
        walk = await fetch_thread(guard, link)
        return walk, len(served.requests)


async def refusal(handler: Handler, link: str) -> str:
    async with serving(handler) as served, served.guard() as guard:
        with pytest.raises(FetchError) as refused:
            await fetch_thread(guard, link)
        return str(refused.value)


def threads(walk: FetchedThread) -> tuple[Thread, ...]:
    return tuple(read(walk.file).threads)


def texts(count: int, what: str = "part") -> list[str]:
    return [f"The {what} number {place} of a long account." for place in range(count)]


def bluesky(keys: int = 20, **rest: object) -> Bluesky:
    service = Bluesky(handles={"ada.example": ADA, "ben.example": BEN}, **rest)  # type: ignore[arg-type]
    service.add_line(ADA, texts(keys))
    return service


def at(key: str) -> str:
    return f"https://bsky.app/profile/ada.example/post/{key}"


def status(name: str) -> str:
    return f"https://{INSTANCE}/@ada/{name}"


@pytest.mark.parametrize("deepest", [1_000, 6, 1])
@pytest.mark.parametrize("key", ["p0", "p11", "p19"])
async def test_a_thread_of_bluesky_is_whole_from_any_of_its_posts(deepest: int, key: str) -> None:
    service = bluesky(deepest=deepest)
    service.add_line(BEN, texts(3, "answer"), below="p19", key="answer")
    service.add_line(BEN, texts(2, "remark"), below="p4", key="remark")
    walk, _ = await walked(service, at(key))
    (thread,) = threads(walk)
    assert [post.text for post in thread.posts] == texts(20)
    assert thread.completeness is Completeness.COMPLETE
    assert walk.file.name == f"https://bsky.app/profile/{ADA}/post/p0"
    assert walk.missing is None


async def test_a_short_thread_of_bluesky_takes_two_requests() -> None:
    assert (await walked(bluesky(), at("p0")))[1] == 2


async def test_five_hundred_posts_of_bluesky_are_walked() -> None:
    walk, requests = await walked(bluesky(500), at("p321"))
    (thread,) = threads(walk)
    assert len(thread.posts) == 500
    assert requests <= 6


async def test_a_walk_that_breaks_off_makes_a_fragment_of_bluesky() -> None:
    service = bluesky(deepest=6)
    service.failing = lambda key: 503 if key == "p12" else None
    walk, _ = await walked(service, at("p0"))
    (thread,) = threads(walk)
    assert [post.text for post in thread.posts] == texts(13)
    assert thread.completeness is Completeness.FRAGMENT
    assert walk.missing is not None


async def test_answers_that_nobody_may_see_do_not_make_a_fragment() -> None:
    class Hiding(Bluesky):
        def _view(self, key: str) -> dict[str, object]:
            view = super()._view(key)
            return view | {"replyCount": 3} if key == "p19" else view

    service = Hiding(handles={"ada.example": ADA})
    service.add_line(ADA, texts(20))
    (thread,) = threads((await walked(service, at("p0")))[0])
    assert thread.completeness is Completeness.COMPLETE


async def test_authors_who_are_not_for_strangers_are_left_out() -> None:
    assert "logged in" in await refusal(bluesky(labels={ADA: ["!no-unauthenticated"]}), at("p3"))
    service = bluesky(labels={BEN: ["!no-unauthenticated"]})
    service.add_line(BEN, texts(2, "remark"), below="p4", key="remark")
    assert len(threads((await walked(service, at("p0")))[0])) == 1


async def test_what_is_not_there_is_refused() -> None:
    assert "no public post" in await refusal(bluesky(), at("none"))
    assert "no public post" in await refusal(bluesky(), "https://bsky.app/profile/nobody.example/post/p0")
    assert "no public post" in await refusal(Mastodon(), status("99"))
    limited = bluesky()
    limited.failing = lambda _key: 429
    assert "left alone for 90 seconds" in await refusal(limited, at("p0"))


def mastodon(count: int = 45) -> Mastodon:
    service = Mastodon()
    service.add_line("ada", texts(count))
    return service


@pytest.mark.parametrize("count", [3, 20, 21, 41, 60, 61, 62, 130])
@pytest.mark.parametrize("asked", ["first", "middle", "last"])
async def test_a_thread_of_mastodon_is_whole_from_any_of_its_posts(count: int, asked: str) -> None:
    service = mastodon(count)
    service.add_line("ben", texts(70, "answer"), below="1001", first=9000)
    name = str(1000 + {"first": 0, "middle": count // 2, "last": count - 1}[asked])
    walk, requests = await walked(service, status(name))
    (thread,) = threads(walk)
    assert [post.text for post in thread.posts] == texts(count)
    assert thread.completeness is Completeness.COMPLETE
    assert walk.file.name == f"https://{INSTANCE}/@ada/1000"
    assert requests <= 4 + count // 20 + count // 40


async def test_forty_five_posts_of_mastodon_take_few_requests() -> None:
    walk, requests = await walked(mastodon(), status("1011"))
    assert len(threads(walk)[0].posts) == 45
    assert requests <= 6


@pytest.mark.parametrize("failing", ["/api/v1/statuses/1020/context", "/api/v1/statuses/1000/context"])
async def test_a_walk_that_breaks_off_makes_a_fragment_of_mastodon(failing: str) -> None:
    service = mastodon()
    service.failing = lambda path: 503 if path == failing else None
    walk, _ = await walked(service, status("1000"))
    (thread,) = threads(walk)
    assert thread.completeness is Completeness.FRAGMENT
    assert walk.missing is not None


async def test_mastodon_answers_whom_it_likes() -> None:
    closed = mastodon()
    closed.failing = lambda _path: 401
    assert "logged in" in await refusal(closed, status("1000"))
    unwilling = mastodon()
    unwilling.noindex.add("ada")
    assert "does not want to be found" in await refusal(unwilling, status("1000"))
    private = mastodon(1)
    private.statuses["1000"] = ("ada", "Not for you.", None, "private")
    assert "no public post" in await refusal(private, status("1000"))


async def test_a_post_that_is_gone_in_the_middle_leaves_a_fragment_of_what_follows() -> None:
    service = mastodon(10)
    service.gone.add("1004")
    walk, _ = await walked(service, status("1007"))
    assert [post.text for post in threads(walk)[0].posts] == texts(10)[5:]
    assert threads(walk)[0].completeness is Completeness.FRAGMENT
