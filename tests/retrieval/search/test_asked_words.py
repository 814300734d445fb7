"""Words as people write them: the ways of writing one word find each other, and nothing else."""

from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from retrieval.analysis.analyzer import analyzer
from retrieval.index.segment import Segment
from retrieval.model import Verdict
from retrieval.search.excerpts import cut_excerpt
from retrieval.search.search_result import SearchResult
from retrieval.search.searcher import Searcher

ENGLISH = analyzer("en")
#: Posts of the same parts, apart from one another.
OTHERS = [
    "The harbour has sixteen boats and 16 ropes; 35 of them got an F.",
    "You put a tube of glass into the lab.",
    "The mail came late, and e is a letter.",
    "Start the engine, and look up.",
    "They may win the war, it was said by us, and who knows.",
    "Open minds are as rare in the field of AI as they are at exhibitions near the river.",
    "A chat about nothing; a net for a book, and a mac for the rain.",
    "The letter C comes third, and D follows.",
]
FAMILIES = [
    ["F16", "F-16", "F-16s", "F 16", "F‑16", "f16"],
    ["GPT4", "GPT-4", "gpt 4"],
    ["GPT-3.5", "gpt 3.5"],
    ["COVID19", "COVID-19", "covid 19"],
    ["1990", "1990s", "1990's"],
    ["e-mail", "email", "E-Mail", "emails"],
    ["start-up", "startup", "startups"],
    ["Wi-Fi", "wifi", "WiFi"],
    ["YouTube", "you tube", "You Tube"],
    ["OpenAI", "Open AI", "open ai"],
    ["ChatGPT", "chat gpt", "chatgpt"],
    ["PhD", "Ph.D.", "phd"],
    ["U.S.", "US", "USA", "U.S.A."],
    ["WHO", "W.H.O."],
    ["Node.js", "nodejs"],
    ["Łódź", "Lodz"],
    ["100km", "100 km", "100-km"],
    ["iPhone15", "iPhone 15", "iphone-15"],
]
TERMS = ["C++", "C#", "F#", ".NET", "AT&T", "R&D", "IT", "May", "WHO", "US", "🎉", "🇺🇦"]


def search(posts: Sequence[str], question: str) -> SearchResult:
    return Searcher(
        [Segment.build(ENGLISH, [(number, number, text) for number, text in enumerate(posts)])]
    ).search(question, 50)


def about(words: Sequence[str]) -> list[str]:
    return [f"Yesterday we saw {word} at the exhibition near the river." for word in words]


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family[0])
def test_all_ways_of_writing_a_word_find_its_posts_before_all_others(family: list[str]) -> None:
    for asked in family:
        found = [hit.post for hit in search([*about(family), *OTHERS], asked).hits]
        assert set(found[: len(family)]) == set(range(len(family))), asked


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family[0])
def test_each_way_finds_each_other_where_the_archive_has_only_that(family: list[str]) -> None:
    for asked in family:
        for written in family:
            result = search([*OTHERS, *about([written])], asked)
            assert result.hits[0].post == len(OTHERS), (asked, written)
            assert result.corrected == (), (asked, written)


@pytest.mark.parametrize("term", TERMS)
def test_a_term_with_a_sign_or_by_its_capitals_is_found_and_nothing_else(term: str) -> None:
    result = search([*OTHERS, *about([term])], term)
    assert [hit.post for hit in result.hits][:1] == [len(OTHERS)]
    assert result.verdict is not Verdict.NOTHING
    assert search(OTHERS, term).verdict is not Verdict.ANSWER


@pytest.mark.parametrize(
    ("question", "post"),
    [
        ("F-16", "She counted 16 swans, and gave an F to all of them."),
        ("is land", "The island was green."),
        ("a void", "Avoid the ice."),
        ("C", "C++ is a language."),
        ("C++", "Vitamin C is good."),
        ("what did it cost us", "IT in the US is dear."),
        ("who may win", "The WHO met in May."),
        ("WHO IS IT", "The WHO likes IT."),
        ("May I ask", "She came in May."),
        ("RD", "R&D is dear."),
        ("boat", "Boa T is here."),
    ],
)
def test_what_looks_alike_is_not_the_same(question: str, post: str) -> None:
    assert search([post, "Something else is here."], question).verdict is not Verdict.ANSWER


CODES = st.tuples(st.text("bcdfghjklmnpqrvwxz", min_size=1, max_size=5), st.integers(2, 999).map(str))
COMPOUNDS = st.tuples(*[st.text("bcdfghjklmnpqrtvwxz", min_size=3, max_size=7)] * 2)


def ways(parts: tuple[str, str], chance: Random) -> list[str]:
    """Ways of writing a word of two parts; words in camel case have no digits."""
    first, second = parts
    forms = [f"{first}-{second}", f"{first}{second}", f"{first}\u2011{second}", f"{first.upper()}-{second}"]
    if second.isdecimal():
        forms += [f"{first.upper()}{second}", f"{first}-{second}s", f"{first}{second}s", f"{first} {second}"]
    else:
        forms += [f"{first.title()}{second.title()}", f"{first.title()} {second.title()}"]
    chance.shuffle(forms)
    return forms


@settings(max_examples=60, deadline=None)
@given(st.one_of(CODES, COMPOUNDS), st.one_of(CODES, COMPOUNDS), st.randoms())
def test_any_family_finds_itself_and_no_other(
    parts: tuple[str, str], others: tuple[str, str], chance: Random
) -> None:
    one, other = ways(parts, chance), ways(others, chance)
    assume(parts[0] != parts[1] and not {*parts, "".join(parts)} & {*others, "".join(others)})
    split = [f"{parts[0]} is not {parts[1]}, said the man at the exhibition near the river."]
    for asked in one[:3]:
        for written in one[:3]:
            found = search([*about(other[:2]), *about([written]), *split, *OTHERS], asked).hits
            assert found[0].post == 2, (asked, written)
            assert not {0, 1} & {hit.post for hit in found}, (asked, written)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from([*"aB1.-&+#'/ 🎉❤", "\ufe0f", "US ", "May ", "https://a.b/c-d "]), max_size=24
    ).map("".join)
)
def test_a_post_is_found_by_its_own_words_whatever_they_are(text: str) -> None:
    result = search([text, *OTHERS], text)
    if any(ENGLISH.term(word) for word in ENGLISH.words(text)):
        assert 0 in {hit.post for hit in result.hits}


@pytest.mark.parametrize(
    ("question", "post", "marked"),
    [
        ("Ukraine", "the Russia-Ukraine war", "Ukraine"),
        ("email", "send an e-mail now", "e-mail"),
        ("e-mail", "send an email now", "email"),
        ("OpenAI", "so Open AI said", "Open|AI"),
        ("F16", "an F-16 flew", "F-16"),
        ("example.org", "see https://example.org/foo, please", "https://example.org/foo"),
        ("C++", "learn C++ or C", "C++"),
        ("🎉", "well 🎉 done", "🎉"),
        ("US", "let us go to the US", "US"),
    ],
)
def test_what_is_marked_is_what_was_asked_for(question: str, post: str, marked: str) -> None:
    weights = search([post], question).weights
    _, _, marks = cut_excerpt(post, lambda term: weights.get(term, 0.0), ENGLISH)
    assert "|".join(post[start:end] for start, end in marks) == marked


LINKS = [
    "Read https://www.example.org/foo-bar/baz_qux.html?utm_source=a, please.",
    "See http://blog.other.net/2024/05/peace-plan for more.",
    "A foo, and a bar, and a plan for an example.",
]


@pytest.mark.parametrize(
    ("question", "post"),
    [
        ("https://example.org/foo-bar/baz_qux.html", 0),
        ("http://example.org/foo-bar/baz_qux.html#top", 0),
        ("example.org/foo-bar", 0),
        ("example.org", 0),
        ("www.example.org", 0),
        ("baz qux", 0),
        ("https://blog.other.net/2024/05/peace-plan/", 1),
        ("other.net", 1),
        ("blog.other.net", 1),
        ("what was the peace plan?", 1),
    ],
)
def test_a_link_is_found_by_its_host_its_words_and_itself(question: str, post: int) -> None:
    result = search(LINKS, question)
    assert result.hits[0].post == post
    assert result.verdict is not Verdict.NOTHING


STOPS = st.sampled_from(["the", "who", "is", "it", "not", "all", "you", "up", "a", "what", "more"])


@settings(max_examples=60, deadline=None)
@given(st.lists(STOPS, min_size=1, max_size=4), st.lists(STOPS, min_size=2, max_size=3))
def test_stop_words_in_one_word_are_found_apart(before: list[str], joined: list[str]) -> None:
    result = search([" ".join([*before, *joined[:2], "- ice"]), *OTHERS], "".join(joined[:2]))
    if result.asked and result.asked[0].known:
        assert 0 in {hit.post for hit in result.hits}
    search([" ".join(before), *OTHERS], " ".join(["".join(joined), "-".join(joined), *joined]))


def test_no_part_of_a_link_is_a_misspelling() -> None:
    assert search(LINKS, "https://exampel.org/fooo/plann").corrected == ()
    assert search(LINKS, "https://b.example/x").corrected == ()


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("to be or not to be", Verdict.ANSWER),
        ("Let it be!", Verdict.ANSWER),
        ("the who", Verdict.CLOSEST),
        ("The Who?", Verdict.CLOSEST),
        ("where is it?", Verdict.NOTHING),
        ("what should I do", Verdict.CLOSEST),
        ("not it be", Verdict.NOTHING),
    ],
)
def test_stop_words_are_found_where_they_stand_word_for_word(question: str, verdict: Verdict) -> None:
    posts = [
        "To be or not to be.",
        "So let it be.",
        "The Who played in Leeds.",
        "Where is it? What should I do?",
    ]
    assert search([*posts, "Here is more."], question).verdict is verdict


def test_emoji_count_only_where_nothing_else_is_asked() -> None:
    posts = ["The thread 🧵 begins.", "Peace is near.", "War is far."]
    assert [hit.post for hit in search(posts, "🧵").hits] == [0]
    assert [hit.post for hit in search(posts, "what about 🧵?").hits] == [0]
    assert [hit.post for hit in search(posts, "peace 🧵").hits] == [1]
