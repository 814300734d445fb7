"""``bobbin verify``: results in words, as JSON, and as an exit status."""

import json

import jsonschema
import pytest

from tests.bot.cli.commands import run
from tests.bot.cli.schemas import QUOTE_CHECK

pytestmark = pytest.mark.usefixtures("filled")

TRUE = "Its captain could not see the pier, so the lamp went north."


@pytest.mark.parametrize(
    ("quote", "status", "words"),
    [
        (TRUE, 0, "Exact:"),
        (TRUE.lower(), 0, "The same but for typography"),
        (TRUE.replace("north", "south"), 1, "[-south-] {+north+}"),
        ("Nobody here ever wrote about carburettors and spark plugs", 1, "Not in this archive"),
        ("the lamp", 1, "Too short to check"),
    ],
)
def test_the_result_is_stated_and_is_the_exit_status(quote: str, status: int, words: str) -> None:
    result = run("verify", *quote.split())
    assert result.exit_code == status
    assert words in result.stdout


def test_json_has_the_result_and_the_posts() -> None:
    result = run("verify", "--json", "--author", "ada example", TRUE)
    check = json.loads(result.stdout)
    jsonschema.validate(check, QUOTE_CHECK)
    assert (check["result"], check["author_matches"]) == ("exact", True)
    assert check["parts"][0]["posts"][0]["quote"] == TRUE
    altered = json.loads(run("verify", "--json", TRUE.replace("north", "south")).stdout)
    jsonschema.validate(altered, QUOTE_CHECK)
    assert altered["author_matches"] is None
    assert {"quoted": "south", "archived": "north"} in altered["parts"][0]["difference"]


def test_a_quotation_may_come_by_standard_input_and_one_too_long_is_refused() -> None:
    assert "Exact" in run("verify", "-", stdin=TRUE).stdout
    refused = run("verify", "-", stdin="word " * 1_000)
    assert refused.exit_code == 2
    assert "at most 4,000" in refused.stderr
