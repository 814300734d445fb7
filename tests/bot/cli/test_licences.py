"""``bobbin licences`` lists what Bobbin runs on."""

import json
import re
import tomllib
from pathlib import Path

from bot.cli.licences import installed_licences
from tests.bot.cli.commands import run

ROOT = Path(__file__).resolve().parents[3]


def test_every_dependency_is_listed_with_a_licence_and_none_that_only_developers_need() -> None:
    first, *others = installed_licences()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert (first.package, first.version, first.licence) == ("bobbin", project["version"], project["license"])
    names = {licence.package.lower().replace("_", "-").replace(".", "-") for licence in others}
    wanted = {
        re.split(r"[<>=;]", line)[0].lower().replace(".", "-")
        for line in project["dependencies"]
        if ";" not in line
    }
    assert wanted <= names
    assert not names & {"pytest", "hypothesis", "mypy", "ruff"}
    assert all(licence.licence for licence in others)


def test_it_prints_lines_for_people_and_json_for_scripts() -> None:
    lines = run("licences").output.splitlines()
    found = json.loads(run("licences", "--json").output)["packages"]
    assert len(lines) == len(found)
    assert lines[0].split()[0] == found[0]["package"] == "bobbin"
