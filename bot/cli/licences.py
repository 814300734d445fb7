"""``bobbin licences``: what Bobbin runs on, and under which licences."""

import importlib.metadata
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import click

from bot.json_output.serializers import dumps

__all__ = ["Licence", "installed_licences", "licences"]

_PROJECT: Final = "bobbin"
_CLASSIFIER: Final = "License :: "
#: A field longer than this is the licence's text.
_MOST: Final = 60


@dataclass(frozen=True, slots=True)
class Licence:
    """An installed package, its version, and its licence as its metadata state it."""

    package: str
    version: str
    licence: str


def installed_licences(project: str = _PROJECT) -> list[Licence]:
    """Return a project and all that it needs here, itself first, the others by name.

    Raises ``PackageNotFoundError`` for a project that is not installed.
    """
    known: dict[str, Licence] = {}
    waiting = [project]
    while waiting:
        name = _normal(waiting.pop())
        if name in known:
            continue
        try:
            package = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            if name == project:
                raise
            continue  # needed on another system, or by an extra that is not installed
        known[name] = Licence(package.metadata["Name"], package.version, _licence(package.metadata))
        waiting += list(_needs(package))
    first, *others = known.values()
    return [first, *sorted(others, key=lambda licence: licence.package.casefold())]


@click.command(short_help="List what Bobbin runs on, with licences.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for scripts.")
def licences(*, as_json: bool) -> None:
    """List Bobbin and every package that it runs on, with version and licence."""
    try:
        rows = installed_licences()
    except importlib.metadata.PackageNotFoundError as error:
        raise click.ClickException("Bobbin is not installed here; run: pip install -e .") from error
    if as_json:
        found = [{"package": one.package, "version": one.version, "licence": one.licence} for one in rows]
        click.echo(dumps({"packages": found}))
        return
    widest = max(len(row.package) + len(row.version) for row in rows)
    for row in rows:
        click.echo(f"{f'{row.package} {row.version}':<{widest + 3}}{row.licence}")


def _normal(name: str) -> str:
    """Return a package's name as names are compared (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _needs(package: importlib.metadata.Distribution) -> Iterator[str]:
    """Yield what a package requires without extras, and the extra that makes Bobbin faster."""
    for line in package.requires or ():
        requirement, _, marker = line.partition(";")
        if "extra ==" not in marker or re.search(r"""extra == ["']fast["']""", marker):
            match = re.match(r"[\w.-]+", requirement)
            if match:
                yield match[0]


def _licence(metadata: Any) -> str:
    """Return the licence's name: of the expression, else of the classifiers, else of the old field."""
    expression = metadata.get("License-Expression")
    if expression:
        return str(expression)
    classified = [line for line in metadata.get_all("Classifier") or () if line.startswith(_CLASSIFIER)]
    names = [line.rpartition(" :: ")[2] for line in classified if not line.endswith("OSI Approved")]
    if names:
        return ", ".join(names)
    written = (metadata.get("License") or "").strip()
    return written if written and len(written) <= _MOST and "\n" not in written else "see its files"
