"""``/help``, over the loopback Discord."""

import pytest

from tests.discord import Channel, Person

pytestmark = pytest.mark.usefixtures("bobbin")


async def test_help_without_a_question_tells_what_bobbin_does_privately(hall: Channel, alice: Person) -> None:
    told = await (await alice.uses(hall, "help")).reply()
    assert told.seen_only_by is alice
    assert "/thread" in told.text


async def test_help_with_a_question_answers_from_the_handbook_alone(hall: Channel, alice: Person) -> None:
    told = await (await alice.uses(hall, "help", question="How do I ask in a server?")).reply()
    assert "mention" in told.text
    assert told.seen_only_by is alice
    told = await (await alice.uses(hall, "help", question="Why does the ferry cross at dawn?")).reply()
    assert "found nothing" in told.text
