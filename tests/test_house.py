"""The house rules that a machine can hold and import-linter (``pyproject.toml``) does not."""

import ast
import importlib
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def modules(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def path_of(module: str) -> Path | None:
    path = ROOT / Path(*module.split("."))
    return next((one for one in (path.with_suffix(".py"), path / "__init__.py") if one.exists()), None)


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


@cache
def exported(module: str) -> frozenset[str]:
    """Return the names in a module's ``__all__``, and a package's modules."""
    path = path_of(module)
    assert path is not None, f"{module} does not exist"
    names: set[str] = set()
    if path.name == "__init__.py":
        names |= {one.stem for one in path.parent.glob("*.py")} | {
            one.parent.name for one in path.parent.glob("*/*.py")
        }
    for node in tree_of(path).body:
        if isinstance(node, ast.Assign) and any(
            isinstance(one, ast.Name) and one.id == "__all__" for one in node.targets
        ):
            names |= set(ast.literal_eval(node.value))
    return frozenset(names)


def defined(module: Path) -> set[str]:
    names: set[str] = set()
    for node in tree_of(module).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names |= {alias.asname or alias.name for alias in node.names}
        else:
            names |= {
                one.id
                for one in ast.walk(node)
                if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)
            }
    return names


def uses(path: Path) -> set[tuple[str, str]]:
    """Return what a module takes from the project's other modules: pairs of a module and a name in it."""
    taken: set[tuple[str, str]] = set()
    known: dict[str, str] = {}
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            base = node.module or ""
            if base.split(".")[0] in {"bot", "retrieval"}:
                taken |= {(base, alias.name) for alias in node.names}
                known |= {
                    alias.asname or alias.name: f"{base}.{alias.name}"
                    for alias in node.names
                    if path_of(f"{base}.{alias.name}")
                }
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in known:
            taken.add((known[node.value.id], node.attr))
    return taken


@pytest.mark.parametrize("path", modules("retrieval") + modules("bot"), ids=name_of)
def test_what_others_use_of_a_module_stands_in_its_all(path: Path) -> None:
    for module, name in sorted(uses(path)):
        if not name.startswith("__"):
            assert name in exported(module), (
                f"{name_of(path)} uses {name}, which is not in __all__ of {module}"
            )


@pytest.mark.parametrize("path", modules("retrieval") + modules("bot"), ids=name_of)
def test_every_name_in_all_is_there(path: Path) -> None:
    if path.name not in {"__init__.py", "__main__.py"}:
        assert exported(name_of(path)), "a module offers something"
        module = importlib.import_module(name_of(path))
        passed_on = getattr(module, "_PASSED_ON", {})  # loaded when first asked for
        assert exported(name_of(path)) <= defined(path) | passed_on.keys()
        assert all(hasattr(module, name) for name in passed_on)


@pytest.mark.parametrize("path", modules("retrieval") + modules("bot"), ids=name_of)
def test_a_package_says_what_is_in_it_and_imports_nothing(path: Path) -> None:
    if path.name == "__init__.py":
        (only,) = tree_of(path).body
        assert isinstance(only, ast.Expr)
        assert ast.get_docstring(tree_of(path))


@pytest.mark.parametrize("path", modules("retrieval") + modules("bot"), ids=name_of)
def test_no_module_is_longer_than_six_hundred_lines(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 600


#: Programs of their own, which no event loop of pytest-asyncio runs in.
PROGRAMS = {
    "tests.bot.fetching.lives": "follows in a process that is killed",
    "tests.bot.posting.rounds": "posts in a process that is killed",
    "tests.bot.posting.every_kind": "posts and reports in a process that is killed",
    "tests.container": "is started by hand",
    "tests.discord.__main__": "is started by hand",
    "tests.golden.__main__": "is started by hand",
    "tests.hops": "is started by hand",
    "tests.live.__main__": "is started by hand",
    "tests.screenshots": "is started by hand",
    "tests.test_house": "names what it looks for",
}


def test_no_test_makes_an_event_loop_of_its_own() -> None:
    own = {"run_until_complete", "new_event_loop", "set_event_loop", "Runner", "set_event_loop_policy"}
    for path in modules("tests"):
        module = name_of(path)
        if module in PROGRAMS or module.startswith("tests.benchmarks."):
            continue
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Attribute):
                runs = node.attr == "run" and isinstance(node.value, ast.Name) and node.value.id == "asyncio"
                makes = runs or node.attr in own
                assert not makes, f"{module}:{node.lineno}: pytest-asyncio makes the loop of a test"


#: What sqlite-utils has no method for: upserts that return a row, claims, sums, deletions by a condition.
SQL = {
    "bot.alerts.ledger": "claims a report in one statement, so that two processes cannot both have it",
    "bot.database": "opens, locks and bounds the file of the servers",
    "bot.digest.ledger": "claims a digest in one statement, so that two processes cannot both have it",
    "bot.digest.tables": "makes the tables of the ledger and its rows out of those before",
    "bot.digest.usage_counts": "adds to counts in one statement",
    "bot.monitoring.self_test": "reads a page of each file, as an answer would",
    "bot.servers.data_inventory": "looks into every table for an account",
    "bot.servers.erasures": "erases in every table what an older file brought back",
    "bot.cli.completion": "reads ids and names for a shell, where importing the storage would take too long",
    "bot.servers.feedback_store": "counts judgements",
    "bot.servers.follow_store": "joins follows with accounts, and postpones a host in one statement",
    "bot.servers.permission_gaps": "finds and counts gaps in one statement",
    "bot.servers.preference_store": "deletes what belongs to a server",
    "bot.servers.retention": "deletes what has had its days",
    "bot.servers.unanswered": "adds to counts in one statement",
    "bot.web.signing": "makes a key unless there is one, in one statement",
    "retrieval.evaluation.peers": "measures SQLite's own full-text search",
    "retrieval.readers.x_export.disk_reply_tree": "spools what does not fit into memory, without a library",
}


def test_the_changelog_has_a_heading_for_each_release_and_names_the_version_that_comes_next() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## \[([^\]]+)\](?: - (\d{4}-\d{2}-\d{2}))?$", text, re.MULTILINE)
    assert len(headings) == text.count("\n## ")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    names = [name for name, _ in headings]
    released = [name for name, day in headings if day]
    assert names == (["Unreleased"] if "Unreleased" in names else []) + released
    assert released == sorted(released, key=lambda name: tuple(map(int, name.split("."))), reverse=True)
    # What is being prepared is named until it has a heading of its own.
    coming = text.partition("## [Unreleased]")[2].partition("\n## ")[0]
    assert project in released[:1] or project in coming


def test_sql_stands_in_the_storage_and_where_it_has_a_reason() -> None:
    holding = set()
    for path in modules("bot") + modules("retrieval"):
        calls = (node.func for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call))
        executing = {"execute", "executemany", "executescript", "query"}
        if any(isinstance(called, ast.Attribute) and called.attr in executing for called in calls):
            holding.add(name_of(path))
    beside = {module for module in holding if not module.startswith("retrieval.storage.")}
    assert beside == SQL.keys(), "SQL belongs to retrieval/storage; elsewhere it needs a reason here"


def test_nothing_else_lives_at_the_top() -> None:
    allowed = {"bot", "retrieval", "data", "tests", "pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE"}
    allowed |= {"constraints.txt"}
    names = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    # An installation leaves build folders.
    assert names - {"dist", "build"} <= allowed
