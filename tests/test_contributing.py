"""Each recipe of CONTRIBUTING works as it stands: it is applied to a copy of the project and tested there."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
GUIDE = (ROOT / ".github" / "CONTRIBUTING.md").read_text(encoding="utf-8")
#: A page in print.
MOST_WORDS = 700

#: What is run after each recipe, beside the tests that it holds itself.
RECIPES = {
    "A reader": [
        "tests/retrieval/readers/test_registry.py::test_every_module_is_a_reader",
        "tests/retrieval/readers/test_registry.py::test_no_two_readers_share_a_form",
    ],
    "A slash command": ["tests/bot/test_i18n.py"],
    "A setting of the operator": ["tests/bot/test_settings.py"],
    "A setting of a server": [
        "tests/bot/test_i18n.py",
        "tests/bot/servers/test_preference_store.py",
        "tests/bot/servers/test_privacy.py::test_every_table_and_column_there_is_is_declared_and_none_that_is_not",
    ],
    "A ranking field": [
        "tests/retrieval/search/test_searcher.py::test_a_score_is_the_sum_of_its_shares_and_hits_come_best_first"
    ],
    "A language": ["tests/bot/test_i18n.py", "tests/retrieval/test_languages.py"],
}


def section(name: str) -> str:
    found = re.search(rf"^### {re.escape(name)}\n(.*?)(?=^##)", GUIDE, re.MULTILINE | re.DOTALL)
    assert found, f"there is no recipe {name!r}"
    return found[1]


def blocks(recipe: str) -> Iterator[tuple[str, str, list[str]]]:
    """Yield the language, the path and the lines of every block that names a file."""
    for language, body in re.findall(r"^```(python|diff)\n(.*?)^```$", recipe, re.MULTILINE | re.DOTALL):
        first, *lines = body.splitlines()
        yield language, first.removeprefix("# ").removeprefix("+++ "), lines


def apply(project: Path, recipe: str) -> list[str]:
    """Apply a recipe's blocks in their order, and return the paths that it wrote."""
    paths = []
    for language, name, lines in blocks(recipe):
        path = project / name
        paths.append(name)
        if language == "python":
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
            continue
        before = "".join(f"{line[1:]}\n" for line in lines if not line.startswith("+"))
        after = "".join(f"{line[1:]}\n" for line in lines if not line.startswith("-"))
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        if before:
            assert text.count(before) == 1, f"{name} holds these lines {text.count(before)} times:\n{before}"
            text = text.replace(before, after)
        else:
            text += after
        path.write_text(text, encoding="utf-8")
    return paths


@pytest.fixture
def project(tmp_path: Path) -> Path:
    copy = tmp_path / "project"
    skipped = shutil.ignore_patterns("__pycache__", "recorded", "benchmarks", "golden")
    for name in ("bot", "retrieval", "tests", "data/threads"):
        shutil.copytree(ROOT / name, copy / name, ignore=skipped)
    for name in ("pyproject.toml", ".env.example", "README.md"):
        shutil.copy(ROOT / name, copy / name)
    return copy


def run(project: Path, *command: str) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    ended = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=project,
        env=environment | {"PYTHONPATH": str(project)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    assert ended.returncode == 0, ended.stdout


@pytest.mark.slow
@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_works_as_it_stands(name: str, project: Path) -> None:
    if name == "A language":
        shutil.copytree(project / "bot/locales/en", project / "bot/locales/nl")
    written = apply(project, section(name))
    python = [path for path in written if path.endswith(".py")]
    own = [path for path in python if path.startswith("tests/")]
    run(project, "ruff", "check", "--quiet", *python)
    run(project, "ruff", "format", "--check", "--quiet", *python)
    run(project, "pytest", "-q", "-p", "no:cacheprovider", *own, *RECIPES[name])


def test_every_recipe_is_tested_and_none_is_longer_than_a_page() -> None:
    recipes = re.findall(r"^### (.*)$", GUIDE.partition("## Recipes")[2].partition("\n## ")[0], re.MULTILINE)
    assert recipes == list(RECIPES)
    assert {
        name: len(section(name).split()) for name in recipes if len(section(name).split()) > MOST_WORDS
    } == {}


def test_every_path_that_the_guide_names_is_there_or_made_by_a_recipe() -> None:
    made = {path for name in RECIPES for _, path, _ in blocks(section(name))}
    named = set(re.findall(r"`((?:bot|retrieval|tests|data)/[\w./-]+?)/?`", GUIDE))
    assert {path for path in named - made if "CODE" not in path and not (ROOT / path).exists()} == set()
