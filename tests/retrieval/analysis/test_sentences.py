"""Where sentences end, in every language, and which lean on the one before."""

from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.analysis.sentences import leans, room_for, sentences

LANGUAGES = sorted(
    file.name.removesuffix(".txt")
    for file in files("retrieval.analysis.sentence_words").iterdir()
    if file.name.endswith(".txt")
)


def words_of(language: str, part: str) -> list[str]:
    text = (files("retrieval.analysis.sentence_words") / f"{language}.txt").read_text(encoding="utf-8")
    *_, behind = text.partition(f"[{part}]\n")
    return [word for line in behind.partition("\n[")[0].splitlines() for word in line.split()]


def parts(text: str, language: str | None = "en") -> list[str]:
    return [text[start:end].strip() for start, end in sentences(text, language)]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Mayor W. Smith and J. R. R. Tolkien met Dr. Brown in St. Louis."),
        ("en", "Brown v. Board of Education was decided in the U.S. Supreme Court."),
        ("en", "See No. 5, e.g. p. 12 ff., or vol. 2 of it."),
        ("en", 'He asked "Why?" and she said "Because!" at once.'),
        ("en", "It took approx. five days, i.e. a week."),
        ("de", "Das ist z. B. der Fall, d. h. am 3. Oktober, u. a. bei Dr. Meier."),
        ("de", "Nach Nr. 5 bzw. Abs. 3 gilt das ggf. nicht."),
        ("fr", "M. Dupont et Mme. Durand, p. ex. au n. 5, sont là."),
        ("es", "El Sr. García vive en la Avda. Mayor n. 5."),
        ("ru", "В 1990 г. в г. Москве, т. е. в столице, жил проф. А. С. Иванов."),
        ("uk", "У м. Києві на вул. Хрещатик, т. зв. центрі, жив проф. Іванов."),
        ("pl", "Np. ul. Długa, tzn. 3. dom, jest m.in. stary."),
        ("cs", "Dne 3. října přišel např. dr. Novák."),
        ("da", "Den 3. oktober kom f.eks. dr. Hansen."),
        (None, "Das war z. B. Mr. Smith."),
    ],
)
def test_initials_abbreviations_and_ordinals_end_no_sentence(language: str | None, sentence: str) -> None:
    assert parts(f"{sentence} Next comes this.", language) == [sentence, "Next comes this."]


@pytest.mark.parametrize("language", [*LANGUAGES, "xx"])
@pytest.mark.parametrize("end", [".", "!", "?", "?!", "…", '."', ".)"])
def test_two_plain_sentences_are_two_in_every_language(language: str, end: str) -> None:
    assert parts(f"Wolkenbruch{end} Regenbogen.", language) == [f"Wolkenbruch{end}", "Regenbogen."]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_abbreviation_of_a_language_ends_a_sentence_of_it(language: str) -> None:
    for word in words_of(language, "abbreviations"):
        if word not in words_of(language, "at the end, too"):
            assert len(sentences(f"Ab {word}. Cd", language)) == 1, word
    for word in words_of(language, "before numbers"):
        assert len(sentences(f"Ab {word}. 5 Cd", language)) == 1, word


def test_what_may_end_a_sentence_does_before_a_capital() -> None:
    assert parts("Bread, salt etc. Then he left.") == ["Bread, salt etc.", "Then he left."]
    assert parts("Bread, salt etc. were there. Then.") == ["Bread, salt etc. were there.", "Then."]


def test_who_writes_no_capitals_has_sentences_too() -> None:
    assert parts("ok. so then i went. it was fun") == ["ok.", "so then i went.", "it was fun"]


def test_scripts_without_blanks_have_marks_of_their_own_or_blanks() -> None:
    assert parts("交渉が始まった。まだ続く。", "ja") == ["交渉が始まった。", "まだ続く。"]
    assert parts("谈判开始了！结束了吗？", "zh") == ["谈判开始了！", "结束了吗？"]
    assert parts("ทีมรับของแพนเธอร์ส ยอมแพ้", "th") == ["ทีมรับของแพนเธอร์ส", "ยอมแพ้"]


@given(st.text() | st.text(".!? \n\"'aB3。กข"), st.sampled_from([None, "en", "de", "th", "xx"]))
def test_sentences_cover_a_text_without_gaps(text: str, language: str | None) -> None:
    spans = sentences(text, language)
    assert "".join(text[start:end] for start, end in spans) == text
    assert all(start < end for start, end in spans)


@pytest.mark.parametrize(
    ("language", "sentence", "expected"),
    [
        ("en", "It was closed in May.", True),
        ("en", "“However, the bridge held.", True),
        ("en", "For example, the bridge held.", True),
        ("en", "Forget the bridge.", False),
        ("en", "Italy held.", False),
        ("de", "Darüber hinaus hielt die Brücke.", True),
        ("de", "Der Fluss stieg.", False),
        ("uk", "Однак міст вистояв.", True),
        ("ru", "Это был мост.", True),
        ("fr", "C’est le pont.", True),
        ("zh", "但是桥还在。", True),
        ("zh", "桥还在。", False),
        ("ja", "しかし橋は残った。", True),
        ("th", "แต่สะพานยังอยู่", True),
        ("xx", "It was closed.", False),
    ],
)
def test_pronouns_and_connectives_lean_on_the_sentence_before(
    language: str, sentence: str, *, expected: bool
) -> None:
    assert leans(sentence, language) is expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_leaning_word_of_a_language_leans(language: str) -> None:
    assert words_of(language, "leaning")
    for word in words_of(language, "leaning"):
        assert leans(f"{word.capitalize()} bridge", language), word


@given(st.text(), st.integers(0, 1000))
def test_room_is_never_more_than_the_limit_and_at_least_half_of_it(text: str, limit: int) -> None:
    assert (limit // 2 if text else 0) <= room_for(text, limit) <= limit or not text


def test_a_character_of_chinese_is_as_much_as_two_letters() -> None:
    assert room_for("谈判开始了", 560) == room_for("交渉", 560) == 280
    assert room_for("ein Brief", 560) == room_for("письмо", 560) == room_for("จดหมาย", 560) == 560
