"""Ways of writing one word, language by language, as the analyzer sees them."""

import pytest

from retrieval.analysis.analyzer import analyzer
from retrieval.analysis.stop_words import languages, stop_words


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("ar", "المفاوضات", "والمفاوضات"),
        ("ar", "أوكرانيا", "اوكرانيا"),
        ("ar", "٢٠٢٤", "2024"),
        ("ar", "مستوطنين", "مستوطنین"),
        ("ar", "كتاب", "کتاب"),
        ("ar", "مسؤول", "مسوول"),
        ("ar", "مستشفى", "مستشفي"),
        ("ar", "رئيس", "رييس"),
        ("ar", "مدرسة", "مدرسه"),
        ("ca", "l'escola", "escola"),
        ("de", "Straße", "Strasse"),
        ("de", "STRASSEN", "Straße"),
        ("de", "Müller", "Mueller"),
        ("de", "1.500.000", "1500000"),
        ("de", "Geht's", "geht"),
        ("el", "ΔΙΑΠΡΑΓΜΑΤΕΥΣΕΙΣ", "διαπραγματεύσεις"),
        ("es", "negociaciones", "negociación"),
        ("fa", "كتاب", "کتاب"),
        ("fr", "l’école", "écoles"),
        ("fr", "qu’Élysée", "l'Élysée"),
        ("fr", "2,5", "2.5"),
        ("fa", "مسئول", "مسیول"),
        ("fa", "خانۀ", "خانه"),
        ("hi", "२०२४", "2024"),
        ("hi", "लड़का", "लडका"),
        ("hi", "ज़मीन", "जमीन"),
        ("hi", "पाँच", "पांच"),
        ("ur", "كتاب", "کتاب"),
        ("it", "dell'Unione", "unione"),
        ("it", "nell’acqua", "l'acqua"),
        ("nl", "foto's", "foto"),
        ("pl", "Łódź", "LODZ"),
        ("pl", "wyborów", "wybory"),
        ("ro", "şcoală", "școală"),
        ("ru", "ёлка", "елка"),
        ("ru", "за\u0301мок", "замок"),
        ("sr", "Љубљана", "Ljubljana"),
        ("sr", "преговора", "pregovori"),
        ("th", "ปี ๒๕๖๗", "ปี 2567"),
        ("tr", "Ankara'da", "ANKARA"),
        ("tr", "İSTANBUL", "istanbul'un"),
        ("tr", "ISPARTA", "ısparta"),
        ("uk", "зв’язок", "зв'язок"),
        ("vi", "đường sắt", "duong sat"),
        ("zh", "聯合國體育館", "联合国体育馆"),
        ("zh", "這個國家的經濟發展", "这个国家的经济发展"),
    ],
)
def test_ways_of_writing_one_word_share_their_terms(language: str, one: str, other: str) -> None:
    terms = analyzer(language).terms
    assert terms(one) == terms(other) != []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ar", "وفي إلى الى"),
        ("de", "für über fuer ueber fur uber"),
        ("el", "του ΤΟΥ"),
        ("es", "qué que cuándo cuando"),
        ("fr", "qu’est-ce que c’est ?"),
        ("pl", "są się sie"),
        ("ru", "её ещё еще"),
        ("sr", "шта šta sta"),
        ("sv", "för på är for pa ar"),
        ("tr", "İÇİN için icin"),
        ("vi", "của những cua nhung"),
    ],
)
def test_stop_words_count_in_every_way_of_writing_them(language: str, text: str) -> None:
    assert analyzer(language).terms(text) == []


def test_an_elided_word_is_a_token_of_its_own() -> None:
    text = "Aujourd’hui, l’école"
    assert [text[token.start : token.end] for token in analyzer("fr").tokens(text)] == [
        "Aujourd’hui",
        "l’",
        "école",
    ]


def test_only_languages_that_have_a_genitive_with_an_apostrophe_lose_it() -> None:
    assert analyzer("en").terms("Kremlin's") == analyzer("en").terms("Kremlin")
    assert analyzer("es").words("McDonald's") == ["mcdonalds"]


def test_a_date_with_points_stays_one_number() -> None:
    assert analyzer("de").terms("24.12.2024") == ["24.12.2024"]


@pytest.mark.parametrize("language", languages())
def test_stop_words_are_few_folded_and_have_no_terms(language: str) -> None:
    words = stop_words(language)
    assert 60 <= len(words) <= 330
    assert not any("’" in word or word != word.lower() for word in words)
    # Elided ones are words only before another one.
    assert [word for word in words if not word.endswith("'") and analyzer(language).terms(word)] == []


def test_a_language_without_a_list_has_no_stop_words() -> None:
    assert stop_words("xx") == frozenset()
    assert stop_words("../en") == frozenset()
