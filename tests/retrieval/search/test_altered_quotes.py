"""Quotations that were altered in small ways are never called exact or the same; typography alone is.

Each family changes one thing that a hurried or dishonest hand changes: a number, a unit, a negation, a name,
a sign, where a quotation begins and ends, what its parts are joined of.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from retrieval.archive import Archive
from retrieval.model import Completeness, Post, QuoteResult, Thread
from retrieval.storage.store import Source, Store

NOW = datetime(2026, 1, 1, tzinfo=UTC)

#: What is in the archive, and quotations that change it.
ALTERED = {
    "numbers": {
        "The tower costs 1,000 euros for each of us": ["The tower costs 10,000 euros for each of us"],
        "It grew by 3.5 percent in the last year": [
            "It grew by 35 percent in the last year",
            "It grew by 3 .5 percent in the last year",
            "It grew by 3,5 percent in the last year",
        ],
        "In section 1 .5 percent of people agreed": ["In section 1.5 percent of people agreed"],
        "A tower that cost 1\u202f500 hryvnias in that single year": [
            "500 hryvnias in that single year",
        ],
        "In the end he paid us 1 500": ["In the end he paid us 1", "In the end he paid us 1500"],
        "The crossing took us about 5–10 days in winter": [
            "The crossing took us about 5",
            "10 days in winter for the crossing",
            "The crossing took us about 510 days in winter",
        ],
        "They lost nearly .5 percent of the trade": ["5 percent of the trade they lost"],
        "Only 1/2 of the votes were counted late": ["2 of the votes were counted late"],
        "The meeting is on 3 May 2024 at the town hall": [
            "The meeting is on 13 May 2024 at the town hall",
            "The meeting is on 3 May 2025 at the town hall",
        ],
        "The meeting is on 12.05.2024 at the old hall": ["The meeting is on 12.06.2024 at the old hall"],
    },
    "units and signs": {
        "The stone was $5 a piece at the harbour shop": ["5 a piece at the harbour shop"],
        "The wages in the harbour rose by 5% in May": ["The wages in the harbour rose by 5"],
        "The board they sawed is 6' long and heavy": ['The board they sawed is 6" long and heavy'],
        "They met at 40° 26′ 46″ that night at sea": ["They met at 40° 26″ 46′ that night at sea"],
        "At night it is 5 - -3 degrees by the sea": ["At night it is 5 - 3 degrees by the sea"],
        "At night it is -5 degrees down by the sea": [
            "At night it is 5 degrees down by the sea",
            "5 degrees down by the sea at night",
        ],
        "The mill made 5 mW of power all that night": ["The mill made 5 MW of power all that night"],
        "The new line gives 10 Mb of data each second": ["The new line gives 10 MB of data each second"],
        "It is 50°C in the boiler room every summer": ["It is 50°F in the boiler room every summer"],
        "Is it true that the keeper is guilty? They ask": ["Is it true that the keeper is guilty."],
    },
    "negations": {
        "We cannot climb the lighthouse in this weather": ["We can climb the lighthouse in this weather"],
        "We can't climb the lighthouse in that storm": [
            "We can climb the lighthouse in that storm",
            "We cant climb the lighthouse in that storm",
        ],
        "They do not agree with this plan of the board": [
            "They do agree with this plan of the board",
            "agree with this plan of the board",
            "They do … agree with this plan of the board",
            '"They do not agree with this plan of the board" (not)',
        ],
        "Never had they been to the harbour before that": ["had they been to the harbour before that"],
        "They did agree, the crew wrote; we did not.": ["They did agree, the crew wrote; we did."],
        "Wir kommen heute Abend nicht.": ["Wir kommen heute Abend.", "Wir kommen heute Abend"],
        "Nicht alle Leute kamen an dem Tag zum Hafen": ["Alle Leute kamen an dem Tag zum Hafen"],
        "Kein Mensch war an diesem Morgen am alten Turm": ["Mensch war an diesem Morgen am alten Turm"],
        "Ich verstehe diese Sache leider nicht, weil sie neu ist": [
            "Ich verstehe diese Sache leider, weil sie neu ist",
            "Ich verstehe diese Sache leider",
        ],
        "Не всі люди прийшли того дня до порту": ["Всі люди прийшли того дня до порту"],
        "Ні, вони ніколи не були в тому старому порту": [
            "Ні, вони були в тому старому порту",
            "були в тому старому порту давно",
        ],
        "我们不同意这个新的决定因为它太贵了": [
            "同意这个新的决定因为它太贵了",
            "我们同意这个新的决定因为它太贵了",
        ],
        "それは不可能だと思いますと彼は言いました": ["可能だと思いますと彼は言いました"],
    },
    "words": {
        "Ada Lovelace wrote the first program of them all": [
            "Ada Byron wrote the first program of them all",
            "Ada Lovelace wrote the first programs of them all",
        ],
        "the dog bit the man in the old harbour": ["the man bit the dog in the old harbour"],
        "They saw a non\u00adviolent protest at the harbour gates": [
            "violent protest at the harbour gates",
        ],
        "They saw a non-violent march at the harbour gates": ["violent march at the harbour gates"],
        "He says the file_name must be in small letters": ["name must be in small letters"],
        "I won't go there with any of them again": ["I want go there with any of them again"],
    },
    "emoji": {
        "Fine work by the harbour crew 👍🏽": [
            "Fine work by the harbour crew 👍",
            "Fine work by the harbour crew 👍🏿",
        ],
        "Fine work by the whole family 👨‍👩‍👧": ["Fine work by the whole family 👨‍👩"],
    },
    "links": {
        "See https://t.co/abc123 for what the board wrote": [
            "See https://t.co/xyz999 for what the board wrote"
        ],
        "See https://example.com/crew?id=1 for what she wrote": [
            "See https://example.com/crew?id=2 for what she wrote",
            "See \ue000 for what she wrote",
        ],
        "They wrote of it \u202eevitcelfer eb ot thguo siht": [
            "They wrote of it evitcelfer eb ot thguo siht"
        ],
    },
}
SAME = {
    "The board they planed is 6'' long and dry": "The board they planed is 6″ long and dry",
    "He held that it was “in 2019” when they left": 'He held that it was "in 2019" when they left',
    "At night it is −7 degrees down by the sea": "At night it is -7 degrees down by the sea",
    "The old line gives 20 MB of data each second": "the old line gives 20 mb of data each second",
    "The grain is 5 µm in every direction we saw": "The grain is 5 μm in every direction we saw",
    "Наш п'ятий міст збудували ще до самої війни": "Наш пʼятий міст збудували ще до самої війни",
    "We love the old red ❤️ lighthouse here": "We love the old red ❤ lighthouse here",
    "See https://example.com/crew/list for the crew of it": "See EXAMPLE.com/crew/list for the crew of it",
    "See https://t.co/abc124 for what the crew wrote": "See example.com/crew for what the crew wrote",
    "한국어로 쓴 글도 여기에 있습니다 그렇지요": "\u1112\u1161\u11ab국어로 쓴 글도 여기에 있습니다 그렇지요",
    "がくせいがここにいました昨日の夜です": "か\u3099くせいがここにいました昨日の夜です",
    "They walked to the pier—slowly—and then home": "They walked to the pier -- slowly -- and then home",
    "«Ми йдемо додому», сказав він усім тоді": "„Ми йдемо додому“, сказав він усім тоді",
    "The pact of 1914–1918 was signed in the hall": "the pact of 1914-1918 was signed in the hall.",
    "It was ﬁne weather in ＡＢＣ and we ﬂew home": "It was fine weather in ABC and we flew home",
}
FRAGMENT = ("We heard that the keeper", "was never seen by us at the harbour again")
LONG = (
    "The keeper is a kind man who feeds the gulls",
    "It rained on the second day of the trip",
    "The court found nobody guilty in the end of it",
    "We went home by the road along the coast",
    "The murder of the old captain was never solved",
)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    path = tmp_path_factory.mktemp("altered") / "archive.db"
    texts = [*(text for family in ALTERED.values() for text in family), *SAME]
    threads = [Thread((Post(1, text),), author=f"@a{number}") for number, text in enumerate(texts)]
    posts = tuple(Post(place, text, number=2 * place) for place, text in enumerate(FRAGMENT, 1))
    threads.append(Thread(posts, Completeness.FRAGMENT, author="@fragment"))
    threads.append(Thread(tuple(Post(place, text) for place, text in enumerate(LONG, 1)), author="@long"))
    with Store.open(path) as store:
        store.save(threads, store.collection("main"), Source("a", "a", "a"), NOW)
    with Archive.open(path) as opened:
        opened.refresh()
        yield opened


def result(archive: Archive, quote: str) -> QuoteResult:
    return archive.answers.check_quote(quote, archive.catalog.scope()).result


@pytest.mark.parametrize("family", ALTERED)
def test_nothing_altered_passes(archive: Archive, family: str) -> None:
    for text, quotes in ALTERED[family].items():
        assert result(archive, text) is QuoteResult.EXACT, text
        for quote in quotes:
            checked = archive.answers.check_quote(quote, archive.catalog.scope())
            assert checked.result in {QuoteResult.ALTERED, QuoteResult.ABSENT}, (text, quote)
            for part in checked.parts:
                if part.result is QuoteResult.ALTERED:
                    assert any(ours != theirs for ours, theirs in part.difference), quote


@pytest.mark.parametrize(("text", "quote"), SAME.items())
def test_typography_alone_passes_and_the_text_itself_is_exact(
    archive: Archive, text: str, quote: str
) -> None:
    assert result(archive, text) is QuoteResult.EXACT
    assert result(archive, quote) is QuoteResult.SAME


def test_posts_with_one_missing_between_them_are_no_neighbours(archive: Archive) -> None:
    assert result(archive, f"{FRAGMENT[0]} … {FRAGMENT[1]}") is QuoteResult.EXACT
    assert result(archive, " ".join(FRAGMENT)) is QuoteResult.ALTERED


def test_a_few_words_of_posts_far_away_are_no_part_of_a_quotation(archive: Archive) -> None:
    assert result(archive, "The keeper … feeds the gulls … It rained on the second day") is QuoteResult.EXACT
    assert result(archive, "The keeper is a kind man … guilty … the murder") is QuoteResult.ALTERED
    assert (
        result(archive, "It rained … The murder of the old captain was never solved") is QuoteResult.ALTERED
    )
