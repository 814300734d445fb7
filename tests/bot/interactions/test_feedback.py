"""Helpful and Not helpful, over the loopback Discord: what is counted, what is kept, and what is not."""

from collections import Counter

from bot.client import Bobbin
from bot.servers.feedback_store import Feedback, FeedbackCount
from tests.bot.archives import fill
from tests.bot.conftest import Start, visitor
from tests.discord import Channel, Person, SeenMessage
from tests.discord.fixtures import Loopback
from tests.discord.waiting import until

HERONS = """\
The heron waits by the weir at dawn, where the water is still.
/1
The heron waits by the weir at noon, and by the mill at night.
/2
In the rain the heron waits by the bridge.
/3
In winter the heron waits by the ford, and the pike waits for the heron.
/END
"""
WEIRS = """\
Of weirs, and of the herons that wait by them.
/1
A weir is a wall over which a river falls.
/END
"""
QUESTION = "Why does the ferry of Gozdowice cross at dawn?"


async def answered(person: Person, channel: Channel) -> SeenMessage:
    return await (await person.uses(channel, "ask", question=QUESTION)).reply()


def feedback(bobbin: Bobbin) -> Feedback:
    return Feedback(bobbin.server_file)


async def judged(bobbin: Bobbin, channel: Channel) -> list[FeedbackCount]:
    """Wait for the first judgement: it is counted while the modal is open."""
    return await until(lambda: feedback(bobbin).counts(server(channel)), "the first judgement")


def server(channel: Channel) -> int:
    assert channel.guild is not None
    return channel.guild.id


async def test_helpful_counts_the_quoted_threads_once_a_person_and_thanks_privately(
    bobbin: Bobbin, hall: Channel, alice: Person, bob: Person
) -> None:
    answer = await answered(alice, hall)
    thanked = await (await alice.presses(answer, "👍")).reply()
    assert thanked.seen_only_by is alice
    assert "Thank you" in thanked.text
    assert "before" in (await (await alice.presses(answer, "👍")).reply()).text
    await (await bob.presses(answer, "👍")).reply()
    (count,) = feedback(bobbin).counts(server(hall))
    assert (count.helpful, count.unhelpful) == (2, 0)


async def test_not_helpful_opens_a_modal_and_keeps_what_is_written_without_who_asked_or_what(
    bobbin: Bobbin, hall: Channel, alice: Person, bob: Person
) -> None:
    answer = await answered(alice, hall)
    use = await bob.presses(answer, "👎")
    modal = await use.opened_modal()
    assert modal["title"] == "What was wrong?"
    thanked = await (await bob.submits(use, {"words": "It does not say why."})).reply()
    assert thanked.seen_only_by is bob
    (count,) = await judged(bobbin, hall)
    assert (count.helpful, count.unhelpful) == (0, 1)
    kept = bobbin.settings.servers.read_bytes()
    with bobbin.server_file.reading() as db:
        dumped = "\n".join(str(row) for name in db.table_names() for row in db.table(name).rows)
    assert "It does not say why." in dumped
    for secret in ("Gozdowice", str(alice.id), str(bob.id), "bob", "Bob"):
        assert secret not in dumped
    assert b"Gozdowice" not in kept


async def test_a_modal_left_empty_counts_and_keeps_no_words(
    bobbin: Bobbin, hall: Channel, alice: Person
) -> None:
    use = await alice.presses(await answered(alice, hall), "👎")
    await (await alice.submits(use, {})).reply()
    assert [one.unhelpful for one in await judged(bobbin, hall)] == [1]
    with bobbin.server_file.reading() as db:
        assert not db.table("judgement_notes").count


async def test_a_modal_that_outlived_a_restart_is_taken(start: Start, hall: Channel, alice: Person) -> None:
    async with start():
        use = await alice.presses(await answered(alice, hall), "👎")
        await use.opened_modal()
    async with start() as bobbin:
        await (await alice.submits(use, {"words": "too short"})).reply()
        with bobbin.server_file.reading() as db:
            assert [row["words"] for row in db.table("judgement_notes").rows] == ["too short"]


async def test_what_is_judged_in_direct_messages_is_counted_for_no_server(
    bobbin: Bobbin, hall: Channel, alice: Person
) -> None:
    await (await alice.presses(await answered(alice, alice.dm_channel), "👍")).reply()
    assert feedback(bobbin).counts(server(hall)) == []
    assert [one.helpful for one in feedback(bobbin).counts(None)] == [1]


async def test_the_page_that_is_shown_is_the_one_that_is_judged(
    loopback: Loopback, bobbin: Bobbin, hall: Channel, alice: Person
) -> None:
    fill(bobbin.archive, herons=HERONS, weirs=WEIRS)
    page = await (await alice.uses(hall, "ask", question="Where does the heron wait?")).reply()
    wanted: Counter[str] = Counter()
    for reader in ("bo", "cy", "di"):
        wanted.update(title for title in ("Herons", "Weirs") if f"**{title}**" in page.text)
        await (await (visitor(loopback, hall, reader)).presses(page, "👍")).reply()
        if not page.offers("More"):
            break
        await alice.presses(page, "More")
        page = await loopback.edited(page)
    scope, counts = bobbin.archive.catalog.scope(), feedback(bobbin).counts(server(hall))
    assert {
        bobbin.archive.catalog.thread(one.thread_id, scope).title: one.helpful for one in counts
    } == wanted
    assert len(set(wanted.values())) == 2


async def test_an_answer_in_trouble_can_be_judged_again(
    loopback: Loopback, bobbin: Bobbin, hall: Channel, alice: Person
) -> None:
    answer = await answered(alice, hall)
    bobbin.archive.close()
    assert "cannot answer right now" in (await (await alice.presses(answer, "👍")).reply()).text
    assert "cannot answer right now" in (await (await alice.presses(answer, "👍")).reply()).text
    assert feedback(bobbin).counts(server(hall)) == []
    assert loopback.now(answer).text == answer.text
