"""The grammar of search operators: what is understood, and that all else is plain text."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.query_dates import period_of
from retrieval.query_language import (
    KEYS,
    AllOf,
    AnyOf,
    Condition,
    Expression,
    Kind,
    Not,
    conditions_of,
    one_line,
    operator,
    parse_query,
    with_operators,
    without_filter,
)

NOW = datetime(2024, 3, 31, 12, tzinfo=UTC)


def by(name: str) -> Condition:
    return Condition(Kind.AUTHOR, name)


def word(text: str) -> Condition:
    return Condition(Kind.WORD, text)


BIG_CAT = Condition(Kind.PHRASE, "big cat")


@pytest.mark.parametrize(
    ("text", "words", "filters"),
    [
        ("cats author:ada", "cats", [by("ada")]),
        ('cats author:"Ada Lovelace"?', "cats ?", [by("Ada Lovelace")]),
        ("Author:@ada cats", "cats", [by("@ada")]),
        ("cats -dogs", "cats", [Not(word("dogs"))]),
        ("cats -dogs, birds", "cats , birds", [Not(word("dogs"))]),
        ("cats -author:ada", "cats", [Not(by("ada"))]),
        ("-author:ada cats", "cats", [Not(by("ada"))]),
        ("what of cats before:2023-12?", "what of cats ?", [Condition(Kind.BEFORE, "2023-12")]),
        ("cats on:<1w", "cats", [Condition(Kind.ON, "<1w")]),
        ('a "big cat" here', 'a "big cat" here', [Condition(Kind.PHRASE, "big cat")]),
        ("a „große Katze“ hier", "a „große Katze“ hier", [Condition(Kind.PHRASE, "große Katze")]),
        ("a «великий кіт» тут", "a «великий кіт» тут", [Condition(Kind.PHRASE, "великий кіт")]),
        ('cats -"big cat"', "cats", [Not(Condition(Kind.PHRASE, "big cat"))]),
        ("cats has:photos lang:DE", "cats", [Condition(Kind.HAS, "picture"), Condition(Kind.LANG, "de")]),
        ("cats in:main thread:abc", "cats", [Condition(Kind.IN, "main"), Condition(Kind.THREAD, "abc")]),
        ("author:ada OR author:bob cats", "cats", [AnyOf((by("ada"), by("bob")))]),
        ("a1 author:ada OR author:bob OR author:eve", "a1", [AnyOf((by("ada"), by("bob"), by("eve")))]),
        ("cats -(spam OR ads)", "cats", [Not(AnyOf((word("spam"), word("ads"))))]),
        ("cats -(spam ads)", "cats", [Not(AllOf((word("spam"), word("ads"))))]),
        ("(cats author:ada) birds", "cats birds", [by("ada")]),
        (
            "(cats author:ada) OR (dogs author:bob)",
            "cats dogs",
            [AnyOf((AllOf((word("cats"), by("ada"))), AllOf((word("dogs"), by("bob")))))],
        ),
        ("-(in:main (lang:de OR lang:uk)) cats", "cats", None),
        ("猫 -狗", "猫", [Not(word("狗"))]),
        ("author:ada", "", [by("ada")]),
        ("author:ada?", "", [by("ada")]),
        ("author:ada OR OR author:bob cats", "cats", [AnyOf((by("ada"), by("bob")))]),
        *(
            (f"a {opening}big cat{closing} here", f"a {opening}big cat{closing} here", [BIG_CAT])
            for opening, closing in (
                "“”",
                "„“",
                "„”",
                "””",
                "‘’",
                "‚‘",
                "«»",
                "»«",
                "‹›",
                "『』",
                "״״",
                "＂＂",
            )
        ),
        ("「大きな猫」がいる", "「大きな猫」がいる", [Condition(Kind.PHRASE, "大きな猫")]),
        ("a ‘dog’s dinner’ here", "a ‘dog’s dinner’ here", [Condition(Kind.PHRASE, "dog’s dinner")]),
    ],
)
def test_operators_are_understood(text: str, words: str, filters: list[Expression] | None) -> None:
    query = parse_query(text)
    assert query.words == words
    if filters is not None:
        assert [one.expression for one in query.filters] == filters


@pytest.mark.parametrize(
    "text",
    [
        "",
        "me & you",
        "I <3 cats",
        "C++ or C#?",
        "re: x",
        "author: Kafka wrote this",
        "https://example.org/author:x?before:2023",
        "see http://a.b/in:main now",
        "- milk\n- eggs",
        "buy:\n-milk\n-eggs",
        "-cats",
        "a - b -- c --flag — d",
        "ls -l",
        "it is -5 degrees",
        "well-known state-of-the-art",
        "Portland OR",
        "OR",
        "Portland OR Seattle",
        "cats or author",
        "before:christmas",
        "on:2023-13",
        "on:2023-02-30",
        "after:",
        "has:been has:link,picture",
        "author:(ada OR bob)",
        "a OR OR b",
        "lang:python",
        "(cats and dogs) run",
        ":-( ;-) (: :( ((",
        "-() ()",
        '5\'10" tall and 6" wide',
        'a " b',
        '"" “”',
        "12:30 note:this",
        "a:b:c",
    ],
)
def test_what_is_no_operator_is_plain_text(text: str) -> None:
    query = parse_query(text)
    assert query.is_plain
    assert query.words == text


_PIECES = st.sampled_from(
    [
        *(f"{key}:" for key in KEYS),
        *'"“”«»„()-',
        " -",
        " OR ",
        "OR",
        " ",
        "\n",
        "<1w",
        "2023-12",
        "a",
        "cats",
        ":",
        "é狗",
        "\x00",
        "\ud800",
    ]
)


@given(st.one_of(st.text(), st.lists(_PIECES, max_size=25).map("".join)))
def test_no_text_is_an_error_and_words_come_out_of_the_text(text: str) -> None:
    query = parse_query(text)
    if query.is_plain:
        assert query.words == text
        return
    # Of the text only operators are missing: all else stands in its order.
    rest = iter(text)
    assert all(letter in rest for letter in query.words if not letter.isspace())
    for place, one in enumerate(query.filters):
        assert 0 <= one.start < one.end <= len(text)
        assert list(conditions_of(one.expression))
        parse_query(without_filter(query, place))
    parse_query(one_line(text))


def test_a_text_of_thousands_of_operators_is_read_in_no_time() -> None:
    for text in ("(" * 50_000, "-(" * 20_000 + "a", "a -b1" * 10_000, '"' * 50_000, "( author:a " * 5_000):
        assert len(parse_query(text).filters) <= 32


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Kind.AUTHOR, "Ada Lovelace"),
        (Kind.AUTHOR, "@ada"),
        (Kind.AUTHOR, 'the "one"'),
        (Kind.AUTHOR, "ada)"),
        (Kind.AUTHOR, "Mr. X."),
        (Kind.IN, "side notes"),
        (Kind.BEFORE, "2023-12"),
        (Kind.AFTER, "<1w"),
        (Kind.THREAD, "https://x.com/a/status/12"),
    ],
)
def test_a_value_is_written_so_that_it_is_read_back(kind: Kind, value: str) -> None:
    query = parse_query(f"cats {operator(kind, value)}")
    assert [one.expression for one in query.filters] == [Condition(kind, value)]
    assert query.words == "cats"


@given(st.sampled_from(KEYS), st.text(max_size=40))
def test_any_value_is_read_back_or_refused(kind: Kind, value: str) -> None:
    written = operator(kind, value)
    if written:
        (one,) = parse_query(f"cats {written}").filters
        assert isinstance(one.expression, Condition)
        assert one.expression.kind is kind


def test_options_write_the_same_grammar() -> None:
    text = with_operators("cats", [(Kind.AUTHOR, "Ada L"), (Kind.BEFORE, None), (Kind.IN, " ")])
    assert text == 'cats author:"Ada L"'
    with pytest.raises(ValueError, match="before"):
        with_operators("cats", [(Kind.BEFORE, "christmas")])


@pytest.mark.parametrize(
    ("text", "place", "left"),
    [
        ("cats author:ada -dogs", 0, "cats -dogs"),
        ("cats author:ada -dogs", 1, "cats author:ada"),
        ('big "red cat" author:ada', 0, "big red cat author:ada"),
        ("(cats author:ada) birds", 0, "cats birds"),
        ("author:ada -dogs", 0, "-(dogs)"),
    ],
)
def test_a_filter_can_be_taken_out_of_the_text(text: str, place: int, left: str) -> None:
    query = parse_query(text)
    assert without_filter(query, place) == left
    assert len(parse_query(left).filters) == len(query.filters) - 1


@given(st.dates(), st.datetimes(timezones=st.just(UTC)))
def test_every_time_is_before_or_after_a_date_and_on_it_is_after(day: date, moment: datetime) -> None:
    for value in (
        f"{day:%Y}".zfill(4),
        f"{day.year:04}-{day.month}",
        f"{day.year:04}-{day.month:02}-{day.day:02}",
    ):
        held = []
        for kind in (Kind.BEFORE, Kind.ON, Kind.AFTER):
            period = period_of(kind, value, NOW)
            assert period is not None
            held.append(
                (period.start is None or moment >= period.start)
                and (period.end is None or moment < period.end)
            )
        before, on, after = held
        assert before is not after
        assert after or not on


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("1w", NOW - timedelta(days=7)),
        ("<12h", NOW - timedelta(hours=12)),
        ("1m", datetime(2024, 2, 29, 12, tzinfo=UTC)),
        ("1y", datetime(2023, 3, 31, 12, tzinfo=UTC)),
        ("9999y", datetime.min.replace(tzinfo=UTC)),
    ],
)
def test_a_time_ago_is_counted_from_now(value: str, moment: datetime) -> None:
    after, before = period_of(Kind.AFTER, value, NOW), period_of(Kind.BEFORE, value, NOW)
    assert after is not None
    assert before is not None
    assert (after.start, after.end) == (moment, None)
    assert (before.start, before.end) == (None, moment)


def test_a_list_of_dashes_stays_one_on_a_single_line() -> None:
    assert parse_query(one_line("buy:\n-milk\n-eggs -author:ada")).words == "buy: - milk - eggs"
