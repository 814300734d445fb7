"""Quotes are slices."""

from hypothesis import given
from hypothesis import strategies as st

from retrieval.analysis.analyzer import analyzer
from retrieval.model import Post, Thread
from retrieval.search.excerpts import EXCERPT_LENGTH, ThreadTerms, cut_excerpt, highlights

ENGLISH = analyzer("en")
WORDS = st.sampled_from(
    ["war", "peace.", "talks!", "Kremlin", "(A 🧵)", "\n", "—", "negotiating", "“peace”", " "]
)


def weigh(term: str) -> float:
    return {"war": 1.0, "peac": 2.0, "negoti": 3.0}.get(term, 0.0)


def quote(text: str, limit: int) -> str:
    start, end, _ = cut_excerpt(text, weigh, ENGLISH, limit)
    return text[start:end]


def test_a_short_post_is_quoted_whole() -> None:
    text = "All wars end with negotiations.\nNot all negotiations end wars."
    start, end, highlights = cut_excerpt(text, weigh, ENGLISH)
    assert text[start:end] == text
    assert [text[a:b] for a, b in highlights] == ["wars", "negotiations", "negotiations", "wars"]


def test_of_a_long_post_the_best_sentences_are_quoted() -> None:
    filler = "Nothing of note happened here. " * 10
    text = filler + "They spoke of peace. They spoke of negotiations. " + filler
    assert quote(text, 60) == "They spoke of peace. They spoke of negotiations."


def test_a_sentence_beyond_the_limit_is_cut_between_words() -> None:
    text = "nothing " * 30 + "war and peace " + "nothing " * 30
    assert "war and peace" in quote(text, 60)
    assert set(quote(text, 60).split()) == {"nothing", "war", "and", "peace"}


def test_nothing_asked_for_gives_the_beginning() -> None:
    assert quote("First of all. " * 20, 30) == "First of all. First of all."


@given(st.lists(WORDS, max_size=200).map(" ".join) | st.text(), st.integers(10, 300))
def test_a_quote_is_a_slice_within_the_limit_and_highlights_are_slices_of_it(text: str, limit: int) -> None:
    start, end, highlights = cut_excerpt(text, weigh, ENGLISH, limit)
    assert 0 <= start <= end <= len(text)
    assert end - start <= max(limit, 200)
    last = 0
    for a, b in highlights:
        assert last <= a < b <= end - start
        assert ENGLISH.terms(text[start + a : start + b])
        last = b
    if len(text.strip()) <= limit and len(text) <= limit:
        assert text[start:end] == text.strip()


def test_matches_that_overlap_are_one_highlight() -> None:
    text = "東京都の京都案内"
    _, _, highlights = cut_excerpt(text, lambda term: float(term in {"東京", "京都"}), analyzer("ja"))
    assert [text[a:b] for a, b in highlights] == ["東京都"]


def test_japanese_and_chinese_sentences_end_without_a_space() -> None:
    text = "何もない。" * 20 + "交渉が始まった。" + "何もない。" * 20
    start, end, _ = cut_excerpt(text, lambda term: float(term == "交渉"), analyzer("ja"), 12)
    assert text[start:end] == "交渉が始まった。"


@given(
    st.lists(st.text("ferry dawn ferries 渡船 lamp'.\n", min_size=1, max_size=60), min_size=1, max_size=5),
    st.sets(st.sampled_from(["ferri", "dawn", "lamp", "渡", "渡船", "zzz"])),
)
def test_the_terms_kept_of_a_thread_highlight_what_reading_it_again_does(
    texts: list[str], wanted: set[str]
) -> None:
    thread = Thread(tuple(Post(place, text) for place, text in enumerate(texts, 1)))
    for language in ("en", "de"):
        kept = ThreadTerms(characters=200)
        expected = tuple(highlights(text, wanted.__contains__, analyzer(language)) for text in texts)
        for _ in range(2):
            assert kept.highlights(thread, analyzer(language), wanted.__contains__) == expected


def test_an_excerpt_neither_opens_nor_closes_at_an_initial_or_an_abbreviation() -> None:
    filler = "Nothing of note happened in the town that year. " * 8
    text = filler + "Mayor W. Smith spoke of war and peace in the case of Brown v. Board. " + filler
    for limit in range(80, 300):
        assert quote(text, limit).startswith(("Mayor W. Smith", "Nothing of"))
        assert quote(text, limit).endswith(("Brown v. Board.", "that year."))


def test_a_sentence_that_leans_on_the_one_before_is_quoted_with_it() -> None:
    filler = "Nothing of note happened in the town that year. " * 8
    text = filler + "The envoy wrote a letter. He wanted negotiations and peace. " + filler
    assert quote(text, 60) == "The envoy wrote a letter. He wanted negotiations and peace."


def test_what_surrounds_the_best_sentences_is_quoted_on_both_sides() -> None:
    filler = "Nothing of note happened here. " * 10
    assert quote(filler + "War and peace. " + filler, 80) == (
        "Nothing of note happened here. War and peace. Nothing of note happened here."
    )


def test_of_a_long_post_in_chinese_half_as_many_characters_are_quoted() -> None:
    text = "城里没有发生什么大事。" * 40 + "谈判开始了。" + "城里没有发生什么大事。" * 40
    start, end, _ = cut_excerpt(text, lambda term: float(term == "谈判"), analyzer("zh"))
    assert "谈判开始了。" in text[start:end]
    assert EXCERPT_LENGTH // 2 - 11 < end - start <= EXCERPT_LENGTH // 2


@given(
    st.text() | st.lists(WORDS, min_size=100, max_size=300).map(" ".join), st.sampled_from(["en", "zh", "th"])
)
def test_without_a_limit_an_excerpt_is_within_that_of_its_script(text: str, language: str) -> None:
    start, end, _ = cut_excerpt(text, weigh, analyzer(language))
    assert 0 <= start <= end <= len(text)
    assert end - start <= EXCERPT_LENGTH
