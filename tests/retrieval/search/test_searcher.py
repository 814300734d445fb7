"""From questions to hits, over segments made by hand and over the shared sample."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.analysis.analyzer import analyzer
from retrieval.analysis.chat_text import small_talk_words
from retrieval.archive import Archive
from retrieval.formats.import_types import SavedFile
from retrieval.index.segment import Segment
from retrieval.model import Verdict
from retrieval.search.search_result import Conversation, SearchResult
from retrieval.search.searcher import Searcher
from tests.shared import SHARED, needs_shared

ENGLISH = analyzer("en")
HARBOUR = [
    "The harbour of Stettin froze in January 1929, and forty ships lay in the ice.",
    "An icebreaker came from Kiel after three weeks. Its captain was Anna Brandt.",
    "She cut a channel through the ice, because the city had no coal left.",
]
BAKERY = [
    "Why does sourdough need a night? A thread about patience in the bakery.",
    "The dough rests until its yeast has eaten the sugar.",
    "A warm oven and a cold night make the crust.",
]
WORDS = st.lists(
    st.sampled_from(["ice", "ship", "coal", "captain", "Brandt", "oven", "the", "of", "who", "when", "1929"]),
    max_size=8,
).map(" ".join)


def segment(*threads: Sequence[str], language: str = "en", first: int = 0) -> Segment:
    """Posts numbered through from ``first``, their threads from 100."""
    places = [(thread, text) for thread, texts in enumerate(threads) for text in texts]
    posts = [(first + number, 100 + thread, text) for number, (thread, text) in enumerate(places)]
    return Segment.build(analyzer(language), posts)


@pytest.fixture(scope="module")
def searcher() -> Searcher:
    return Searcher([segment(HARBOUR, BAKERY)])


@pytest.mark.parametrize(
    ("question", "post"),
    [
        ("When did ships lie in the harbour?", 0),
        ("who was the captain of the icebreaker", 1),
        ("Why was a channel cut?", 2),
        ("sourdough", 3),
        ("What does yeast do with sugar?", 4),
    ],
)
def test_a_question_finds_its_post(searcher: Searcher, question: str, post: int) -> None:
    found = searcher.search(question, 5)
    assert found.hits[0].post == post
    assert found.verdict is Verdict.ANSWER


@pytest.mark.parametrize(
    "question", ["", "???", "who are you?", "How is the weather on Mars?", "tell me a joke"]
)
def test_what_the_posts_do_not_answer_is_not_answered(searcher: Searcher, question: str) -> None:
    assert searcher.search(question, 5).verdict is not Verdict.ANSWER


@settings(deadline=None)
@given(WORDS, st.lists(st.lists(WORDS, min_size=1, max_size=4), max_size=5))
def test_a_score_is_the_sum_of_its_shares_and_hits_come_best_first(
    question: str, threads: list[list[str]]
) -> None:
    found = Searcher([segment(*threads)]).search(question, 100)
    scores = [hit.score for hit in found.hits]
    assert scores == sorted(scores, reverse=True)
    for hit in found.hits:
        assert sum(hit.explain().values()) == pytest.approx(hit.score)
        assert all(share > 0 for share in hit.explain().values())
    assert 0 <= found.confidence <= 1


@settings(deadline=None)
@given(WORDS, st.lists(st.lists(WORDS, min_size=1, max_size=3), min_size=2, max_size=5), st.integers(1, 4))
def test_two_segments_rank_as_one_that_holds_both(
    question: str, threads: list[list[str]], split: int
) -> None:
    first, rest = threads[:split], threads[split:]
    both = Searcher([segment(*first), segment(*rest, first=sum(map(len, first)))])
    one = Searcher([segment(*threads)])
    of_both = {hit.post: hit.score for hit in both.search(question, 100).hits}
    of_one = {hit.post: hit.score for hit in one.search(question, 100).hits}
    # Letters are numbered by segment, so only the rarest of a large alphabet could differ.
    assert of_both == pytest.approx(of_one)
    assert both.search(question, 1).confidence == pytest.approx(one.search(question, 1).confidence)


def test_a_neighbour_lends_its_words_to_a_post(searcher: Searcher) -> None:
    hits = {hit.post: hit.explain() for hit in searcher.search("icebreaker", 10).hits}
    assert set(hits) >= {0, 1, 2}
    assert "post" in hits[1]
    assert "post" not in hits[2]
    assert hits[2]["context"] > 0
    assert hits[1]["context"] > hits[2]["context"]


def test_the_type_of_answer_asked_for_counts(searcher: Searcher) -> None:
    hits = {hit.post: hit.explain() for hit in searcher.search("When did the ice come?", 10).hits}
    assert hits[0]["answer"] > 0
    assert "answer" not in hits[2]


def test_a_misspelt_word_is_searched_as_the_nearest_known_one(searcher: Searcher) -> None:
    found = searcher.search("Who sailed the icebraeker?", 5)
    assert found.corrected == (("icebraeker", "icebreaker"),)
    assert found.hits[0].post == 1


def test_a_word_that_is_known_is_never_corrected() -> None:
    found = Searcher([segment(["A ship of coal."], ["A shop of coal."])]).search("shop", 5)
    assert found.corrected == ()
    assert [hit.post for hit in found.hits if "post" in hit.explain()] == [1]


def test_without_spelling_an_unknown_word_finds_nothing_of_its_own() -> None:
    assert Searcher([segment(HARBOUR)], spelling=False).search("icebraeker", 5).hits == ()


def test_a_question_of_stop_words_is_looked_up_word_for_word() -> None:
    one = Searcher([segment(["It is what it is.", "And then there was ice."])])
    assert [hit.post for hit in one.search("It is what it is", 5).hits] == [0]
    assert one.search("is it", 5).hits == ()


def conversation(before: SearchResult) -> Conversation:
    return Conversation(before.terms, [100], before.confidence)


def test_a_follow_up_leans_on_the_question_before_it(searcher: Searcher) -> None:
    before = searcher.search("Who was the captain of the icebreaker?", 5)
    alone = searcher.search("Why?", 5)
    after = searcher.search("Why?", 5, conversation(before))
    assert alone.verdict is not Verdict.ANSWER
    assert after.verdict is Verdict.ANSWER
    assert after.inherited
    assert {hit.post for hit in after.hits[:3]} == {0, 1, 2}
    assert "conversation" in after.hits[0].explain()


def test_a_new_subject_outweighs_the_conversation(searcher: Searcher) -> None:
    before = searcher.search("Who was the captain of the icebreaker?", 5)
    assert searcher.search("What does sourdough need?", 5, conversation(before)).hits[0].post == 3


@pytest.mark.parametrize(
    ("language", "question", "ratio"),
    [
        ("zh", "NASA 月球", 4.0),
        ("zh", "1969 月球", 4.0),
        ("th", "NASA ดวงจันทร์", 4.0),
        ("ko", "NASA 달나라", 2.5),
        ("ja", "NASA 月面", 1.7),
        ("vi", "NASA sứa", 1.0),
        ("ru", "NASA луноход", 1.0),
        ("en", "NASA lander", 1.0),
    ],
)
def test_a_whole_word_weighs_as_much_as_the_pieces_of_one(language: str, question: str, ratio: float) -> None:
    weights = Searcher([segment([question], language=language)]).search(question, 1).weights
    whole, *pieces = weights.values()
    assert [whole / piece for piece in pieces] == pytest.approx([ratio] * len(pieces))


def test_an_everyday_word_weighs_less_in_a_language_without_words_that_ask() -> None:
    posts = ["Die Möwe brütet am Leuchtturm.", "Das Jahr war kalt, sagt die Chronik.", "Schnee."]
    weights = Searcher([segment(posts, language="de")]).search("Möwe Jahr", 1).weights
    assert weights["mow"] > weights["jahr"] > 0.6 * weights["mow"]
    english = Searcher([segment(["A gull.", "The year.", "Snow."])]).search("gull year", 1).weights
    assert english["gull"] == english["year"]


def test_languages_are_ranked_side_by_side() -> None:
    german = segment(["Die Häuser der Altstadt brannten im Winter."], language="de", first=50)
    mixed = Searcher([segment(HARBOUR), german])
    assert mixed.search("Wann brannte das Haus?", 5).hits[0].post == 50
    assert mixed.search("When was the harbour in ice?", 5).hits[0].post == 0


def test_an_empty_scope_finds_nothing() -> None:
    assert Searcher([]).search("ice", 5).hits == ()
    assert Searcher([segment()]).search("ice", 5).hits == ()


# The shared sample, whole and in its smallest parts


def sentences(text: str) -> list[str]:
    return [part for line in text.split("\n") for part in re.split(r"(?<=[.!?])\s+", line) if part.strip()]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    archive = Archive.open(tmp_path_factory.mktemp("sample") / "archive.db")
    (page,) = SHARED.glob("threads/*.txt")
    archive.import_file(SavedFile(page.name, page.read_bytes()))
    return archive


@needs_shared
def test_every_sentence_of_every_post_finds_its_own_post_first(sample: Archive) -> None:
    scope = sample.catalog.scope()
    asked = 0
    for summary in sample.catalog.threads(scope):
        for post in sample.catalog.thread(summary.id, scope).posts:
            for sentence in sentences(post.text):
                if not {*re.findall(r"\w+", sentence.casefold())} - small_talk_words(sentence):
                    continue  # "Honestly." names no subject
                answer = sample.ask(sentence, scope)
                assert answer.answered, sentence
                assert sentence in answer.excerpts[0].post.text
                asked += 1
    assert asked > 80


@needs_shared
@pytest.mark.parametrize(
    "question", ["What is the best recipe for sourdough bread?", "who are you?", "???", "What is a bobbin?"]
)
def test_the_sample_does_not_answer_what_it_does_not_know(sample: Archive, question: str) -> None:
    assert not sample.ask(question, sample.catalog.scope()).answered


@needs_shared
@pytest.mark.parametrize(
    "question",
    ["Does Putin want to negotiate?", "Putin", "What does Prigozin want?", "Lukashenko", "negotiaton"],
)
def test_the_sample_answers_what_it_knows(sample: Archive, question: str) -> None:
    assert sample.ask(question, sample.catalog.scope()).answered


@needs_shared
@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("does putin actually want to negotiate", Verdict.ANSWER),
        ("hey guys, does putin want to negotiate?? thx so much in advance!!", Verdict.ANSWER),
        ("tell me about prigozhin", Verdict.ANSWER),
        ("r there quiet signals from the kremlin", Verdict.ANSWER),
        ("bombing of civilians", Verdict.CLOSEST),
        ("who won the march 2024 elections", Verdict.CLOSEST),
        ("when will the war end?", Verdict.CLOSEST),
        ("how old is Prigozhin", Verdict.CLOSEST),
        ("truce", Verdict.NOTHING),
        ("best pizza in kyiv", Verdict.NOTHING),
        ("what should I do?", Verdict.NOTHING),
        ("how do I cook borscht", Verdict.NOTHING),
        ("is Zelensky married", Verdict.NOTHING),
    ],
)
def test_the_sample_says_truly_what_it_holds(sample: Archive, question: str, verdict: Verdict) -> None:
    assert sample.ask(question, sample.catalog.scope()).verdict is verdict


@needs_shared
def test_posts_that_come_close_are_shown(sample: Archive) -> None:
    answer = sample.ask("bombing of civilians", sample.catalog.scope())
    assert "massive aerial bombardment of civilians" in answer.excerpts[0].quote
    assert (answer.weighing.known, answer.weighing.unknown) == (("civilians",), ("bombing",))


@needs_shared
@pytest.mark.parametrize(
    ("spelt", "written"),
    [
        ("what did nato say abt ukraine joining", "what did nato say about ukraine joining"),
        ("y is peace bad for putin", "why is peace bad for putin"),
        ("dont the elites like putin", "don't the elites like putin"),
        ("whats the kremlin afraid of", "what's the kremlin afraid of"),
    ],
)
def test_a_chat_spelling_changes_nothing(sample: Archive, spelt: str, written: str) -> None:
    scope = sample.catalog.scope()
    one, other = sample.ask(spelt, scope), sample.ask(written, scope)
    assert (one.verdict, one.confidence, one.terms) == (other.verdict, other.confidence, other.terms)


@pytest.mark.parametrize("thread", [HARBOUR, BAKERY, HARBOUR[:1]])
def test_the_smallest_archives_answer_as_sensibly_as_large_ones(tmp_path: Path, thread: list[str]) -> None:
    with Archive.open(tmp_path / "archive.db") as archive:
        text = "\n".join(f"{post}\n/{number}" for number, post in enumerate(thread, start=1))
        archive.import_file(SavedFile("thread.txt", text.encode()))
        for post in thread:
            for sentence in sentences(post):
                assert archive.ask(sentence, archive.catalog.scope()).excerpts[0].post.text == post
        for question in ("How tall is Mount Everest?", "Who won the election in Brazil?", "???"):
            assert not archive.ask(question, archive.catalog.scope()).answered
