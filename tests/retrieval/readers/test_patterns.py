"""Every regular expression that reads saved files: in the registry, and linear as its call sites use it."""

import ast
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest

from retrieval import formats, ingest, readers
from retrieval.patterns import REGISTRY
from tests.growth import CHARACTERS, MOST, PAIRS, TELLING, growth, repeated, seconds

PACKAGES = (formats, ingest, readers)
# How an expression is used, and what of it costs: each of the latter walks through the text as finditer does.
USES = {"match": "match", "fullmatch": "fullmatch", "search": "search"} | dict.fromkeys(
    ("finditer", "findall", "sub", "split"), "finditer"
)

# Expressions that are used under another name: handed to a function, or one of several.
PASSED_ON = {
    name: {way}
    for way, names in {
        "match": ("_COUNTS", "_DATES", "_FEET", "_LINE", "_PAGE"),
        "search": ("OBJECT", "_FORMS", "_JSON", "_MESSAGE", "_FINISH", "_OWN", "_POST", "_RECORD", "_START"),
        "finditer": ("_BARE", "_WRAPPED"),
        "fullmatch": ("BUNDLE", "INSIDE"),
    }.items()
    for name in names
}


def sources() -> Iterator[tuple[str, ast.Module]]:
    for package in PACKAGES:
        for found in walk_packages(package.__path__, f"{package.__name__}."):
            file = import_module(found.name).__file__
            assert file is not None
            yield found.name, ast.parse(Path(file).read_text())


def uses() -> dict[str, set[str]]:
    """Return the ways in which a name is used as an expression, in whatever module, by the name."""
    used: dict[str, set[str]] = defaultdict(set)
    for _, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in USES:
                for name in (getattr(node.value, "id", None), getattr(node.value, "attr", None)):
                    used[name or ""].add(USES[node.attr])
    return used


def known() -> Iterator[tuple[str, re.Pattern[str] | re.Pattern[bytes], set[str]]]:
    """Yield every expression that a module names or holds, and how it is used."""
    used = uses()
    for module, _ in sources():
        for name, value in vars(import_module(module)).items():
            for expression in expressions(value):
                yield f"{module}.{name}", expression, used.get(name) or PASSED_ON.get(name, set())


def expressions(value: object) -> Iterator[re.Pattern[str] | re.Pattern[bytes]]:
    """Yield the expressions that a value is or holds: in a tuple, a dictionary, the fields of a row."""
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, tuple | dict):
        for held in value.values() if isinstance(value, dict) else value:
            yield from expressions(held)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from expressions(getattr(value, field.name))


def use(expression: re.Pattern[str] | re.Pattern[bytes], how: str) -> Callable[[str], object]:
    def work(text: str) -> None:
        subject = text if isinstance(expression.pattern, str) else text.encode()
        found = getattr(expression, how)(subject)
        if how == "finditer":
            for _ in found:
                pass

    return work


@pytest.mark.parametrize(("module", "tree"), list(sources()), ids=[name for name, _ in sources()])
def test_no_module_compiles_an_expression_past_the_registry(module: str, tree: ast.Module) -> None:
    past = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "re"
        and node.attr in {*USES, "compile", "subn"}
    ]
    assert past == [], f"{module}: use retrieval.patterns.pattern"


def test_every_registered_expression_is_named_by_a_module() -> None:
    held = {id(expression) for _, expression, _ in known()}
    missing = [one.pattern for one in REGISTRY if id(one) not in held]
    assert missing == []
    assert len(held) > 100
    assert [name for name, _, ways in known() if not ways] == []


@pytest.mark.slow
def test_every_expression_takes_time_in_step_with_the_size() -> None:
    slow = {}
    for name, expression, ways in known():
        words = re.findall(r"[A-Za-z/\"<:.\[*-]{3,}", str(expression.pattern))
        for token in [*CHARACTERS, *PAIRS, *words, *(word + " " for word in words)]:
            for how in sorted(ways):
                work = use(expression, how)
                # What is linear takes microseconds here, and is done with.
                if seconds(work, repeated(token)(4_000)) > TELLING / 10:
                    ratio = growth(work, repeated(token))
                    if ratio > MOST:
                        slow[name, how, token] = ratio
    assert slow == {}


def test_a_growth_that_is_quadratic_is_seen() -> None:
    quadratic = re.compile(rb"^\s*[\[{]", re.MULTILINE)
    assert growth(lambda text: quadratic.search(text.encode()), repeated("\n")) > MOST
