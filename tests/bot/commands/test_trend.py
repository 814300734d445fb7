"""``/trend``: a picture of the months, or a sentence where there is nothing to draw."""

import pytest

from retrieval.archive import Archive
from tests.bot.web.threads import DATED, keep_threads
from tests.discord import Channel, Person
from tests.discord.fixtures import Loopback


@pytest.mark.usefixtures("bobbin")
async def test_a_picture_comes_with_what_was_counted(
    loopback: Loopback, archive: Archive, hall: Channel, alice: Person
) -> None:
    keep_threads(archive, DATED)
    reply = await (await alice.uses(hall, "trend", words="ferry")).reply()
    assert "ferry" in reply.text
    assert "180 posts with a known date" in reply.text
    assert "6 posts with these words have no known date" in reply.text
    (attachment,) = reply.attachments
    assert attachment["filename"] == "trend.png"
    sent = next(one for one in reversed(loopback.called("PATCH", "@original$")) if one.uploads)
    assert sent.uploads[0].data.startswith(b"\x89PNG")
    assert "attachment://trend.png" in str(sent.json)


@pytest.mark.usefixtures("bobbin")
async def test_where_no_date_is_known_or_no_post_holds_the_words_that_is_stated(
    hall: Channel, alice: Person
) -> None:
    assert "no known date" in (await (await alice.uses(hall, "trend", words="lens")).reply()).text
    assert "No post" in (await (await alice.uses(hall, "trend", words="zeppelin")).reply()).text


@pytest.mark.usefixtures("bobbin")
async def test_the_posts_of_another_server_are_not_counted(
    loopback: Loopback, archive: Archive, hall: Channel, alice: Person
) -> None:
    other = loopback.add_guild("Another room")
    place = other.add_channel("general")
    other.add_member(alice)
    keep_threads(archive, DATED, server_id=other.id)
    assert "180 posts" in (await (await alice.uses(place, "trend", words="ferry")).reply()).text
    assert "180" not in (await (await alice.uses(hall, "trend", words="ferry")).reply()).text


@pytest.mark.usefixtures("bobbin")
@pytest.mark.parametrize(
    ("locale", "common", "wordless", "none"),
    [
        ("en-GB", "too common to count", "There is no word in this", "No post here holds"),
        ("de", "zu häufig zum Zählen", "Darin steht kein Wort", "in keinem Beitrag vor"),
        ("uk", "надто поширені", "Тут немає слова", "жоден допис не містить"),
    ],
)
async def test_words_that_are_too_common_and_what_is_no_word_are_not_said_to_stand_nowhere(  # noqa: PLR0917
    archive: Archive, hall: Channel, alice: Person, locale: str, common: str, wordless: str, none: str
) -> None:
    keep_threads(archive, DATED)
    alice.locale = locale
    for words, sentence in (
        ("the", common),
        ("The AND of", common),
        ("??", wordless),
        ("…", wordless),
        ("zeppelin", none),
        ("the zeppelin", none),
    ):
        reply = await (await alice.uses(hall, "trend", words=words)).reply()
        assert sentence in reply.text, words
        assert reply.ephemeral
