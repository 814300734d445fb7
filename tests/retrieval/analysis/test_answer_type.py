"""Types of answer."""

import tomllib
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.analysis.analyzer import analyzer
from retrieval.analysis.answer_type import AnswerType, answer_type_of
from retrieval.analysis.stop_words import languages
from retrieval.index.builder import PostCounter

WORDS = tomllib.loads((files("retrieval.analysis") / "answer_types.toml").read_text(encoding="utf-8"))
KINDS = {"when": AnswerType.WHEN, "number": AnswerType.NUMBER, "who": AnswerType.WHO}


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("When did the harbour freeze?", AnswerType.WHEN),
        ("In what year was it built?", AnswerType.WHEN),
        ("How many ships lay there?", AnswerType.NUMBER),
        ("Who was the captain?", AnswerType.WHO),
        ("Which city had no coal?", AnswerType.WHERE),
        ("What is an icebreaker?", AnswerType.WHAT),
        ("Why was it cut?", AnswerType.WHY),
        ("the frozen harbour", None),
    ],
)
def test_a_question_shows_what_it_asks_for(question: str, kind: AnswerType | None) -> None:
    assert answer_type_of(question) is kind


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    assert answer_type_of(text) in {None, *AnswerType}


def test_every_language_with_stop_words_has_types_of_answer() -> None:
    assert sorted([*WORDS, "en"]) == languages()


@pytest.mark.parametrize("language", WORDS)
def test_every_phrase_asks_for_its_type(language: str) -> None:
    for name, kind in KINDS.items():
        for phrase in WORDS[language][name].split(","):
            assert answer_type_of(f"{phrase.strip()} ... ?", language) is kind, phrase
            assert answer_type_of(phrase.strip().upper(), language) is kind, phrase


@pytest.mark.parametrize("language", sorted(WORDS.keys() - {"ja", "th", "zh"}))
def test_every_word_for_a_date_or_a_number_is_a_sign_of_it(language: str) -> None:
    for name, kind in (("dates", AnswerType.WHEN), ("numbers", AnswerType.NUMBER)):
        words = [word.removesuffix("*") for word in WORDS[language][name].split()]
        signs = (
            PostCounter(analyzer(language))
            .read([(at, 1, f"... {word} ...") for at, word in enumerate(words)])
            .signs
        )
        assert [word for word, sign in zip(words, signs.tolist(), strict=True) if not sign >> kind & 1] == []


@pytest.mark.parametrize(
    ("language", "question", "kind"),
    [
        ("de", "Wann fror der Hafen zu?", AnswerType.WHEN),
        ("de", "In welchem Jahr wurde er gebaut?", AnswerType.WHEN),
        ("de", "Wie viele Schiffe lagen dort?", AnswerType.NUMBER),
        ("de", "Wer war der Kapitän?", AnswerType.WHO),
        ("de", "Warum?", None),
        ("ru", "Сколько кораблей стояло там?", AnswerType.NUMBER),
        ("tr", "Liman ne zaman dondu?", AnswerType.WHEN),
        ("vi", "Cang dong bang khi nao?", AnswerType.WHEN),
        ("zh", "港口是什麼時候結冰的？", AnswerType.WHEN),
        ("th", "มีเรือกี่ลำ", AnswerType.NUMBER),
        ("sw", "Nani?", None),
    ],
)
def test_a_question_in_another_language_shows_what_it_asks_for(
    language: str, question: str, kind: AnswerType | None
) -> None:
    assert answer_type_of(question, language) is kind


@pytest.mark.parametrize("language", [one for one in WORDS if "others" in WORDS[one]])
def test_a_clause_behind_a_question_asks_for_nothing(language: str) -> None:
    for when in WORDS[language]["when"].split(","):
        for other in WORDS[language]["others"].split(","):
            asked = answer_type_of(f"{other.strip()} aaa, {when.strip()} bbb?", language)
            assert asked is not AnswerType.WHEN, (other, when)
        many = WORDS[language]["number"].split(",")[0]
        assert answer_type_of(f"{many} aaa, {when.strip()} bbb?", language) is AnswerType.NUMBER, when
        assert answer_type_of(f"aaa, {when.strip()} bbb?", language) is AnswerType.WHEN, when


@pytest.mark.parametrize(
    ("language", "question", "kind"),
    [
        ("vi", "Có mấy chiếc tàu?", AnswerType.NUMBER),
        ("vi", "Co may chiec tau?", AnswerType.NUMBER),
        ("vi", "Nhà máy nào đóng tàu?", None),
        ("th", "อะไรเกี่ยวกับเรือ", None),
        ("th", "มีเรือจอดอยู่กี่ลำ", AnswerType.NUMBER),
        ("ru", "Где когда-то стояли корабли?", None),
    ],
)
def test_a_part_of_another_word_asks_for_nothing(
    language: str, question: str, kind: AnswerType | None
) -> None:
    assert answer_type_of(question, language) is kind


@pytest.mark.parametrize(
    ("language", "text", "kind"),
    [
        ("de", "Er fror im Januar zu.", AnswerType.WHEN),
        ("de", "Der Kapitän hieß damals noch Anna Brandt.", AnswerType.WHO),
        ("ru", "Капитаном была Анна Брандт.", AnswerType.WHO),
        ("ru", "Это было в 1929 году.", AnswerType.WHEN),
        ("th", "เป็นน้ำแข็งในปี ๒๔๗๒", AnswerType.WHEN),
        ("zh", "那里有40艘船。", AnswerType.NUMBER),
    ],
)
def test_a_post_in_another_language_shows_the_sign_of_an_answer(
    language: str, text: str, kind: AnswerType
) -> None:
    none = {"de": "Das Eis war dick.", "ru": "Лёд был толстым.", "th": "น้ำแข็ง", "zh": "冰"}[language]
    counted = PostCounter(analyzer(language)).read([(0, 1, none), (1, 1, text)])
    assert [sign >> kind & 1 for sign in counted.signs.tolist()] == [0, 1]
