"""Runs of scripts without spaces, in pieces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.analysis.analyzer import analyzer


@pytest.mark.parametrize(
    ("language", "text", "terms"),
    [
        ("ja", "東京の人口は何人ですか？", ["東京", "人口", "人"]),
        ("ja", "りんごを食べられますか", ["りん", "んご", "食"]),
        ("ja", "署名を集めた", ["署名", "集"]),
        ("ja", "四百人分集めた", ["四百", "百人", "人分", "分集", "集"]),
        ("ja", "犬", ["犬"]),
        ("ja", "サーバー", ["サー", "ーバ", "バー"]),
        ("ja", "ｻｰﾊﾞｰ", ["サー", "ーバ", "バー"]),
        ("ja", "Python3でGPUを使う", ["python3", "python", "gpu", "使"]),
        ("ja", "@nytimesの記事", ["@nytimes", "nytimes", "記事"]),
        ("ja", "https://example.org/に記載", ["//example.org", "exampleorg", "example", "記載"]),
        ("zh", "猫吃什么", ["猫", "猫吃", "吃"]),
        ("zh", "２０２４年GDP", ["2024", "年", "gdp"]),
        ("th", "น้ำตา", ["น้ําต", "ตา"]),
        ("ko", "서울은", ["서울", "울은"]),
        ("en", "和平谈判", ["和平", "平谈", "谈判"]),
    ],
)
def test_runs_fall_into_pieces(language: str, text: str, terms: list[str]) -> None:
    assert analyzer(language).terms(text) == terms


def test_a_tag_is_found_whole_and_by_its_pairs() -> None:
    assert analyzer("ja").terms("#平和交渉") == ["#平和交渉", "平和", "和交", "交渉"]


@pytest.mark.parametrize("text", ["เมืองหลวงของไทย", "ប្រទេសកម្ពុជា", "မြန်မာနိုင်ငံ", "ປະເທດລາວ"])
def test_no_piece_parts_a_letter_from_its_marks(text: str) -> None:
    tokens = analyzer("th").tokens(text)
    assert tokens
    starts = {text[token.start] for token in tokens}
    assert not any(letter in "ะาิีึืุู่้๊๋์ํำ្" for letter in starts - {"า", "ะ"})


@pytest.mark.parametrize("language", ["en", "ja", "ko", "th", "zh"])
@given(text=st.text("東京のはを食べるサーｻﾞー什么的猫เมืองน้ำ２0a'’ #@한국") | st.text())
def test_tokens_are_slices_in_the_order_of_their_starts(language: str, text: str) -> None:
    tokens = analyzer(language).tokens(text)
    assert all(0 <= token.start < token.end <= len(text) for token in tokens)
    assert [token.start for token in tokens] == sorted(token.start for token in tokens)
    assert analyzer(language).terms(text) == [term for token in tokens for term in token.terms]
    assert "" not in analyzer(language).terms(text)
