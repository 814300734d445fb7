"""The verdict in other languages: halves that share nothing, and an offset that is never a penalty."""

from pathlib import Path

import numpy as np
import pytest

from retrieval.evaluation.collection import load
from retrieval.evaluation.fit_languages import Asked, fit_offset, halves, main
from tests.retrieval.evaluation.judged import HARBOUR, write


def test_halves_share_no_thread_and_ask_what_they_answer(tmp_path: Path) -> None:
    judged = load(write(tmp_path / "en", HARBOUR))
    first, second = halves(judged)
    assert not {post.thread for post in first.posts} & {post.thread for post in second.posts}
    assert sorted(post.id for half in (first, second) for post in half.posts) == sorted(
        post.id for post in judged.posts
    )
    for half in (first, second):
        ids = {post.id for post in half.posts}
        assert all(half.relevant(name) <= ids for name in half.questions)


@pytest.mark.parametrize(("shift", "offset"), [(-0.5, 0.5), (3.0, 0.0), (-9.0, 1.0)])
def test_an_offset_answers_few_foreign_questions_and_stays_in_its_bounds(shift: float, offset: float) -> None:
    foreign = np.concatenate([np.linspace(-8, -4, 96), np.full(5, 0.0)]) + shift
    asked = Asked(np.full(10, 5.0), foreign)
    assert fit_offset(asked) == pytest.approx(offset, abs=0.01)
    assert asked.shares(fit_offset(asked))[0] == 1.0


def test_the_command_names_what_misses_a_bar(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["fit_languages", str(write(tmp_path / "en", HARBOUR))])
    with pytest.raises(SystemExit) as ended:
        main()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("en: area ")
    assert bool(ended.value.code) == (len(lines) > 1)
