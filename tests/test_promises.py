"""Every promise has a name, a bar and a proof that exists, and can be broken on purpose."""

import shlex
from pathlib import Path

import pytest

from tests.promises import page
from tests.promises.__main__ import prove
from tests.promises.sabotage import SABOTAGES, resolve
from tests.promises.table import PROMISES, Promise

ROOT = Path(__file__).resolve().parents[1]


def test_each_promise_is_named_once_and_has_a_proof() -> None:
    assert len({promise.name for promise in PROMISES}) == len(PROMISES) == 30
    for promise in PROMISES:
        assert promise.tests
        assert all(wanted for _, wanted in promise.benches)


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.name)
def test_what_proves_a_promise_exists(promise: Promise) -> None:
    for test in (*promise.tests, *promise.long):
        path, _, name = test.partition("::")
        assert (ROOT / path).exists()
        assert not name or f"def {name}" in (ROOT / path).read_text()
    for bench, _ in promise.benches:
        module, *_ = shlex.split(bench)
        assert (ROOT / "tests" / "benchmarks" / f"{module}.py").exists()


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.name)
def test_each_promise_that_is_proved_can_be_broken(promise: Promise) -> None:
    for target, _ in SABOTAGES[promise.name]:
        holder, attribute = resolve(target)
        assert hasattr(holder, attribute)


@pytest.mark.slow
def test_a_promise_that_holds_passes_and_one_that_is_broken_fails() -> None:
    ranking = next(promise for promise in PROMISES if promise.name == "ranking")
    assert prove(ranking).holds
    assert prove(ranking, sabotaged=True).holds is False


def test_the_page_lists_every_promise_with_its_command_and_last_figure() -> None:
    assert page.PAGE.read_text(encoding="utf-8") == page.rendered(page.read())
