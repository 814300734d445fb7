"""Looking threads up, and the buttons that lead to them, over the loopback Discord."""

from dataclasses import replace

import pytest

from bot.views.custom_id import PostAction, PostState, ThreadState
from retrieval.archive import Archive
from retrieval.formats.import_types import SavedFile
from retrieval.formats.jsonl_format import dump_line
from retrieval.model import Post, Thread, post_key
from tests.bot.archives import HOSTILE, fill, week
from tests.discord import Channel, Person, Use
from tests.discord.components import walk
from tests.discord.fixtures import Loopback

QUESTION = "Why does the ferry cross at dawn?"

pytestmark = pytest.mark.usefixtures("bobbin")


@pytest.mark.parametrize("typed", ["riv", "Ada", "ferries"], ids=["title", "author", "words"])
async def test_threads_complete_by_title_author_and_words(hall: Channel, alice: Person, typed: str) -> None:
    choices = await alice.completes(hall, "thread", thread=typed)
    assert any("Rivers" in choice["name"] for choice in choices)


async def test_completion_of_nothing_offers_what_there_is(hall: Channel, alice: Person) -> None:
    assert len(await alice.completes(hall, "thread", thread="")) == 2


async def test_completion_offers_at_most_twenty_five_names_of_at_most_a_hundred_characters(
    archive: Archive, hall: Channel, alice: Person
) -> None:
    words = "A very long opening about the same subject again and again, until nobody reads on, number"
    fill(archive, **{f"{'many ' * 30}{n}": f"{words} {n}.\n/1\nAnd more of {n}.\n/END\n" for n in range(30)})
    choices = await alice.completes(hall, "thread", thread="many")
    assert len(choices) == 25
    assert max(len(choice["name"]) for choice in choices) <= 100


async def test_completion_in_trouble_offers_nothing(archive: Archive, hall: Channel, alice: Person) -> None:
    archive.close()
    assert await alice.completes(hall, "thread", thread="riv") == []


async def test_a_chosen_thread_is_shown_in_full(hall: Channel, alice: Person) -> None:
    (choice,) = await alice.completes(hall, "thread", thread="riv")
    shown = await (await alice.uses(hall, "thread", thread=choice["value"])).reply()
    assert "crosses at dawn" in shown.text
    assert "older than all of its ropes" in shown.text
    assert not shown.ephemeral


async def test_a_thread_may_be_read_privately(hall: Channel, alice: Person) -> None:
    (choice,) = await alice.completes(hall, "thread", thread="riv")
    shown = await (await alice.uses(hall, "thread", thread=choice["value"], private=True)).reply()
    assert shown.seen_only_by is alice


async def test_words_instead_of_a_choice_get_the_closest_threads_which_open(
    hall: Channel, alice: Person
) -> None:
    near = await (await alice.uses(hall, "thread", thread="ferries river")).reply()
    opened = await (await alice.presses(near, "Open")).reply()
    assert "crosses at dawn" in opened.text
    assert opened.seen_only_by is alice


@pytest.mark.parametrize("typed", ["river", "Rivets", "rivères", "RIVERS!"])
async def test_a_title_with_one_wrong_letter_opens_its_thread(
    hall: Channel, alice: Person, typed: str
) -> None:
    assert (await (await alice.uses(hall, "thread", thread=typed)).reply()).text.startswith("### Rivers")
    assert any(
        one["name"].startswith("Rivers") for one in await alice.completes(hall, "thread", thread=typed)
    )


async def test_a_pasted_link_opens_the_thread_at_its_post(
    archive: Archive, hall: Channel, alice: Person
) -> None:
    posts = tuple(
        Post(place, f"Post {place} about locks. " * 60, source_id=f"15741667765586493{place:02}")
        for place in range(1, 13)
    )
    archive.import_file(SavedFile("locks.jsonl", f"{dump_line(Thread(posts, title='Locks'))}\n".encode()))
    link = f"https://mobile.twitter.com/anna/status/{posts[10].source_id}?s=20"
    opened = await (await alice.uses(hall, "thread", thread=link)).reply()
    assert "Post 11 about locks" in opened.text
    (choice,) = await alice.completes(hall, "thread", thread=link)
    assert choice["name"].startswith("Locks")
    chosen = await (await alice.uses(hall, "thread", thread=choice["value"])).reply()
    assert chosen.text == opened.text
    again = await (await alice.uses(hall, "thread", thread=f"<{link}>", post=1)).reply()
    assert "Post 1 about locks" in again.text


async def test_a_thread_that_is_not_there_explains(hall: Channel, alice: Person) -> None:
    told = await (await alice.uses(hall, "thread", thread="000000000000")).reply()
    assert "no such thread" in told.text


async def test_only_its_reader_turns_the_pages_of_a_thread(
    loopback: Loopback, archive: Archive, hall: Channel, alice: Person, bob: Person
) -> None:
    fill(archive, hostile=HOSTILE)
    (choice,) = await alice.completes(hall, "thread", thread="hostile")
    first = await (await alice.uses(hall, "thread", thread=choice["value"])).reply()
    told = await (await bob.presses(first, "Next")).reply()
    assert told.seen_only_by is bob
    page = first
    for _ in range(40):
        if page.button("Next").disabled:
            break
        await alice.presses(page, "Next")
        page = await loopback.edited(page)
    assert "A ferry as a heading" in page.text
    assert page.pings == ()


async def test_context_below_an_earlier_answer_still_shows_the_posts_around_a_quote(
    loopback: Loopback, hall: Channel, alice: Person, bob: Person
) -> None:
    await alice.says(hall, f"{loopback.bot_user.mention} {QUESTION}")
    answer = await loopback.next_message(in_=hall)
    stored, known = loopback.world.message(answer.id), answer.button("Read thread").custom_id
    assert stored is not None
    assert known is not None
    earlier = replace(PostState.decode(known), action=PostAction.CONTEXT).encode()
    _rename(stored.components, known, earlier)
    around = await (await bob.presses(answer, earlier)).reply()
    assert around.seen_only_by is bob
    assert "why they cross at dawn" in around.text
    assert "turns it" in around.text


async def test_read_thread_opens_privately_at_the_quote_which_is_marked_and_turns(
    loopback: Loopback, archive: Archive, hall: Channel, alice: Person, bob: Person
) -> None:
    fill(archive, hostile=HOSTILE)
    await alice.says(hall, f"{loopback.bot_user.mention} a ferry as a heading, small, and a quote")
    answer = await loopback.next_message(in_=hall)
    whole = await (await bob.presses(answer, "Read thread")).reply()
    assert whole.seen_only_by is bob
    assert "A ferry as a heading" in whole.text
    await bob.presses(whole, "First")
    assert "A hostile thread" in (await loopback.edited(whole)).text


async def test_a_thread_of_the_handbook_opens_from_its_answer(hall: Channel, alice: Person) -> None:
    answer = await (await alice.uses(hall, "help", question="How do I ask in a server?")).reply()
    assert "command" in (await (await alice.presses(answer, "Read thread")).reply()).text


async def test_a_button_that_outlived_its_post_says_that_it_is_gone(
    loopback: Loopback, hall: Channel, alice: Person
) -> None:
    await alice.says(hall, f"{loopback.bot_user.mention} {QUESTION}")
    answer = await loopback.next_message(in_=hall)
    custom_id = answer.button("Read thread").custom_id
    assert custom_id is not None
    stored = loopback.world.message(answer.id)
    assert stored is not None
    _rename(stored.components, custom_id, _elsewhere())
    told = await (await alice.presses(answer, _elsewhere())).reply()
    assert "no longer in the archive" in told.text


@pytest.fixture
def former(archive: Archive) -> str:
    """The id that a thread had before others that open alike came in."""
    fill(archive, week1=week(1))
    (alone,) = [
        one
        for one in archive.catalog.threads(archive.catalog.scope())
        if one.opening.startswith("Our weekly")
    ]
    fill(archive, week2=week(2), week4=week(4))
    return alone.id


async def test_an_id_that_several_threads_may_have_had_lists_them_and_each_opens(
    former: str, hall: Channel, alice: Person
) -> None:
    listed = await (await alice.uses(hall, "thread", thread=former)).reply()
    assert "Several threads open alike" in listed.text
    assert all(f"Week{number}" in listed.text for number in (1, 2, 4))
    opened = await (await alice.presses(listed, "Open")).reply()
    assert "sold at the pier" in opened.text


@pytest.mark.parametrize("action", PostAction)
async def test_a_button_that_may_be_of_several_threads_lists_them(
    loopback: Loopback, former: str, hall: Channel, alice: Person, bob: Person, *, action: PostAction
) -> None:
    use = await _press(loopback, hall, alice, bob, PostState(post_key(former, 3), action).encode())
    listed = await use.reply()
    assert "Several threads open alike" in listed.text
    assert listed.seen_only_by is bob
    # Only one of them has a fifth post.
    use = await _press(loopback, hall, alice, bob, PostState(post_key(former, 5), action).encode())
    opened = await use.reply()
    assert "END of week 4" in opened.text
    assert "Several threads" not in opened.text


@pytest.mark.parametrize("opens", [True, False], ids=["open", "page"])
async def test_a_thread_button_that_may_be_of_several_threads_lists_them(
    loopback: Loopback, former: str, hall: Channel, alice: Person, bob: Person, *, opens: bool
) -> None:
    use = await _press(loopback, hall, alice, bob, ThreadState(0, former, opens=opens).encode())
    listed = await (use.reply() if opens else use.followup())
    assert "Several threads open alike" in listed.text
    assert listed.seen_only_by is bob


async def _press(loopback: Loopback, hall: Channel, asker: Person, presser: Person, custom_id: str) -> Use:
    """Press a button of an answer that was posted with another custom_id."""
    await asker.says(hall, f"{loopback.bot_user.mention} {QUESTION}")
    answer = await loopback.next_message(in_=hall)
    stored, known = loopback.world.message(answer.id), answer.button("Read thread").custom_id
    assert stored is not None
    assert known is not None
    _rename(stored.components, known, custom_id)
    return await presser.presses(answer, custom_id)


@pytest.mark.parametrize("damaged", [False, True], ids=["of an older version", "damaged"])
async def test_a_button_that_says_nothing_known_is_no_longer_in_use(
    loopback: Loopback, hall: Channel, alice: Person, *, damaged: bool
) -> None:
    await alice.says(hall, f"{loopback.bot_user.mention} {QUESTION}")
    answer = await loopback.next_message(in_=hall)
    stored, known = loopback.world.message(answer.id), answer.button("Read thread").custom_id
    assert stored is not None
    assert known is not None
    other = known[:-1] + ("B" if known.endswith("A") else "A") if damaged else "bobbin0.of-an-older-version"
    assert not damaged or PostState.TEMPLATE.fullmatch(other)
    _rename(stored.components, known, other)
    told = await (await alice.presses(answer, other)).reply()
    assert "no longer works" in told.text
    assert told.ephemeral


def _elsewhere() -> str:
    return PostState(key=1, action=PostAction.CONTEXT).encode()


def _rename(components: list[dict[str, object]], old: str, new: str) -> None:
    """Give a button of a stored message another custom_id."""
    for part in walk(components):
        if part.get("custom_id") == old:
            part["custom_id"] = new
