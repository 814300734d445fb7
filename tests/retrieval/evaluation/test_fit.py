"""The fit of the verdict: it judges as a search does, keeps its signs, and measures what it has not seen."""

import pytest

from retrieval.evaluation.asking import Template, wrap
from retrieval.evaluation.bench import Bench
from retrieval.evaluation.collection import Judged, load
from retrieval.evaluation.fit import ask, fit_model
from retrieval.evaluation.left_out import LONG, PLAIN, Reading, Row, area, figures
from retrieval.search.verdict import MODEL, confidence_of
from tests.retrieval.evaluation.judged import GARDEN, HARBOUR, Rows, write

TEMPLATES = [Template("greeting", "hey, {q}"), Template("long", "My tea went cold. {q} Thanks a lot!")]
#: The garden beside a harbour: its posts share words with the ferry's, as those of real archives do.
TERRACE: Rows = (
    [
        *GARDEN[0],
        {"id": "terrace-1", "thread": "terrace", "pos": 1, "text": "On Sundays the captain waters the pots."},
        {
            "id": "terrace-2",
            "thread": "terrace",
            "pos": 2,
            "text": "Winter paint: what the keeper knows.",
        },
        {"id": "terrace-3", "thread": "terrace", "pos": 3, "text": "No goats! No bicycles on the terrace!"},
    ],
    [*GARDEN[1], {"id": "g3", "text": "Who waters the pots on Sundays?"}],
    [*GARDEN[2], ("g3", "terrace-1", 1)],
)


@pytest.fixture(scope="module")
def collections(tmp_path_factory: pytest.TempPathFactory) -> list[Judged]:
    folder = tmp_path_factory.mktemp("collections")
    return [load(write(folder / "harbour", HARBOUR)), load(write(folder / "garden", TERRACE))]


@pytest.fixture(scope="module")
def rows(collections: list[Judged]) -> list[Row]:
    return list(ask(collections, TEMPLATES))


def test_every_question_is_put_to_every_archive_in_every_way(rows: list[Row]) -> None:
    assert {row.kind for row in rows} == {PLAIN, LONG, *(template.text for template in TEMPLATES)}
    assert {(row.asks, row.archive) for row in rows} == {
        (asks, archive) for asks in ("harbour", "garden") for archive in ("harbour", "garden")
    }
    assert all(row.own or all(reading.rank == 10 for reading in row.readings) for row in rows)


def test_a_row_is_judged_as_a_search_judges_it(collections: list[Judged], rows: list[Row]) -> None:
    by_name = {judged.name: judged for judged in collections}
    benches = {name: Bench.build(judged, "en") for name, judged in by_name.items()}
    for row in rows:
        if row.kind == LONG or not row.whole:
            continue
        text = by_name[row.asks].questions[row.name]
        for template in TEMPLATES:
            text = wrap(template, text) if template.text == row.kind else text
        result, ruling = benches[row.archive].ask(text), row.ruled(MODEL)
        assert confidence_of(ruling.logit) == pytest.approx(result.confidence, abs=1e-6)
        assert ruling.verdict is result.verdict
        if row.own and result.ranking:
            found = [post for post, _ in result.ranking]
            relevant = by_name[row.asks].relevant(row.name)
            assert (found[0] in relevant) == (ruling.rank == 0)


def test_the_fit_keeps_its_signs_and_knows_its_own_questions_from_others(rows: list[Row]) -> None:
    model = fit_model(rows)
    assert model.coefficients.keys() == MODEL.coefficients.keys()
    assert all(
        weight <= 0 if name == "length" else weight >= 0 for name, weight in model.coefficients.items()
    )
    assert model.closest_at < 0
    logits = {own: [row.ruled(model).logit for row in rows if row.own is own] for own in (True, False)}
    assert area(logits[True], logits[False]) > 0.9


def test_the_figures_name_what_is_measured(rows: list[Row]) -> None:
    said = "\n".join(figures(rows, dict.fromkeys(["harbour", "garden"], MODEL)))
    for line in ("plain: area", "long: area", "wrapped: area", "harbour asks garden", "hey, {q}", "+0.0"):
        assert line in said


@pytest.mark.parametrize(
    ("own", "foreign", "expected"), [([1, 2], [0, -1], 1), ([0], [0], 0.5), ([0, 3], [1, 2], 0.5)]
)
def test_the_area_is_the_chance_that_an_own_question_is_surer(
    own: list[float], foreign: list[float], expected: float
) -> None:
    assert area(own, foreign) == expected


def test_a_reading_without_hits_is_nothing(collections: list[Judged]) -> None:
    bench = Bench.build(collections[0], "en")
    ((result,),) = bench.searcher.readings("quokka", 3)
    assert Reading.of(result, 10).logit_by(MODEL) < MODEL.closest_at
