"""One description for all: what the terminal prints as JSON is what programs get."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.json_output.contract import FUNCTIONS, NOTICE, ContractError, call
from retrieval.archive import Archive
from tests.bot.cli.commands import run

ASKED: list[tuple[str, dict[str, Any], list[str]]] = [
    ("ask", {"question": "Where did the lamp go?", "limit": 3}, ["ask", "--json", "Where did the lamp go?"]),
    (
        "verify",
        {"quote": "so the lamp went south.", "author": "@ada"},
        ["verify", "--json", "--author", "@ada", "so the lamp went south."],
    ),
    ("when", {"words": "the lamp", "limit": 2}, ["when", "--json", "-n", "2", "the lamp"]),
    ("trend", {"words": "lamp"}, ["trend", "--json", "lamp"]),
    ("threads", {"sort": "title"}, ["threads", "--json", "--sort", "title"]),
]


@pytest.mark.parametrize(("name", "arguments", "words"), ASKED)
@pytest.mark.usefixtures("filled")
def test_the_terminal_prints_what_programs_get(
    name: str, arguments: dict[str, Any], words: list[str]
) -> None:
    printed = json.loads(run(*words).stdout)
    FUNCTIONS[name].outputs.model_validate(printed)
    with Archive.open(Path("data/archive.db"), handbook=Path("handbook")) as archive:
        fields = call(name, archive, arguments, "https://threads.example.org")
    FUNCTIONS[name].outputs.model_validate(fields)
    assert {key: fields[key] for key in printed} == printed
    assert fields["notice"] == NOTICE
    if name in {"ask", "threads"}:
        assert fields["addresses"]


@pytest.mark.usefixtures("filled")
def test_what_cannot_be_answered_is_a_problem() -> None:
    with Archive.open(Path("data/archive.db"), handbook=Path("handbook")) as archive:
        for name, arguments, error in (
            ("nothing", {}, "not_found"),
            ("ask", {}, "bad_request"),
            ("thread", {"id": "zzzzzzzzzzzz"}, "not_found"),
        ):
            with pytest.raises(ContractError) as raised:
                call(name, archive, arguments)
            assert raised.value.payload["error"] == error
