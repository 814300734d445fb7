"""Questions typed without accents, on another keyboard or in other characters find what they mean."""

from collections.abc import Iterator

import pytest

from retrieval.archive import Archive
from retrieval.formats.import_types import SavedFile
from retrieval.model import Verdict

THREADS = {
    "vi": [
        "Ngọn hải đăng trên đảo Hòn Dấu được xây dựng năm 1892.",
        "Người gác đèn trèo hai trăm bậc thang mỗi buổi tối.",
        "Ống kính thủy tinh nặng ba tấn và quay trên thủy ngân.",
    ],
    "tr": [
        "Şile deniz feneri 1859 yılında inşa edildi.",
        "Fenerin bekçisi her akşam iki yüz basamak tırmanıyor.",
        "Camdan yapılmış mercek üç ton ağırlığında ve cıva üzerinde dönüyor.",
    ],
    "ar": [
        "بُنيت المنارة على الجزيرة الصغيرة عام 1892.",
        "يصعد حارس المنارة مئتي درجة كل مساء.",
        "تزن العدسة الزجاجية ثلاثة أطنان وتدور فوق الزئبق.",
    ],
    "zh": [
        "这座灯塔于1892年建在小岛上。",
        "守塔人每天傍晚登上两百级台阶。",
        "玻璃透镜重达三吨，在水银上旋转。",
    ],
}


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Archive]]:
    opened = {}
    for language, posts in THREADS.items():
        opened[language] = Archive.open(tmp_path_factory.mktemp(language) / "archive.db")
        text = "".join(f"{post}\n{at}/{len(posts)}\n\n" for at, post in enumerate(posts, start=1))
        opened[language].import_file(SavedFile("thread.txt", text.encode()), language=language)
    yield opened
    for archive in opened.values():
        archive.close()


@pytest.mark.parametrize(
    ("language", "written", "typed", "post"),
    [
        ("vi", "Ống kính thủy tinh nặng bao nhiêu?", "Ong kinh thuy tinh nang bao nhieu?", 3),
        ("vi", "Người gác đèn trèo bao nhiêu bậc thang?", "Nguoi gac den treo bao nhieu bac thang?", 2),
        ("tr", "Mercek kaç ton ağırlığında?", "Mercek kac ton agirliginda?", 3),
        ("tr", "Bekçi kaç basamak tırmanıyor?", "Bekci kac basamak tirmaniyor?", 2),
        ("tr", "Şile deniz feneri ne zaman inşa edildi?", "Sile deniz feneri ne zaman insa edildi?", 1),
        ("ar", "كم تزن العدسة الزجاجية؟", "كم تزن العدسه الزجاجیة؟", 3),
        ("ar", "متى بنيت المنارة على الجزيرة؟", "متی بنیت المناره علی الجزیرة؟", 1),
        ("zh", "玻璃透镜有多重？", "玻璃透鏡有多重？", 3),
        ("zh", "这座灯塔是哪一年建的？", "這座燈塔是哪一年建的？", 1),
    ],
)
def test_a_question_finds_its_post_however_it_is_typed(
    archives: dict[str, Archive], language: str, written: str, typed: str, post: int
) -> None:
    archive = archives[language]
    as_written, as_typed = (archive.ask(question, archive.catalog.scope()) for question in (written, typed))
    assert as_written.verdict is as_typed.verdict is Verdict.ANSWER
    assert as_written.excerpts[0].post.ordinal == as_typed.excerpts[0].post.ordinal == post


@pytest.mark.parametrize(
    ("language", "asked", "posts"),
    [
        ("vi", '"ong kinh thuy tinh"', {3}),
        ("vi", '"Ống kính thủy tinh"', {3}),
        ("vi", 'đèn -"hai tram bac thang"', set()),
        ("vi", "trèo -gac", set()),
        ("tr", '"uc ton agirliginda"', {3}),
        ("tr", "mercek -civa", set()),
        ("tr", 'bekçisi -"iki yuz basamak"', set()),
        ("ar", '"العدسه الزجاجيه"', {3}),
        ("ar", "المناره -الجزیرة", {2}),
        ("zh", '"玻璃透鏡"', {3}),
        ("zh", "水银 -透鏡", set()),
    ],
)
def test_operators_take_words_however_they_are_typed(
    archives: dict[str, Archive], language: str, asked: str, posts: set[int]
) -> None:
    archive = archives[language]
    answer = archive.ask(asked, archive.catalog.scope(), limit=10)
    assert {excerpt.post.ordinal for excerpt in answer.excerpts} == posts
