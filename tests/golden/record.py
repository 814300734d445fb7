"""Recording and comparing: which groups of cases there are, and how what differs is told."""

import difflib
import shutil
from collections.abc import Awaitable, Callable, Mapping
from itertools import islice
from pathlib import Path

from tests.golden.chat import chat, states
from tests.golden.pages import program, web
from tests.golden.search import search
from tests.golden.stored import files
from tests.golden.terminal import commands, imports

__all__ = ["GROUPS", "RECORDED", "differences", "read", "record", "strangers", "told"]

RECORDED = Path(__file__).resolve().parent / "recorded"

Producer = Callable[[Path], Awaitable[Mapping[str, str]]]

GROUPS: Mapping[str, Producer] = {
    "chat": chat,
    "commands": commands,
    "imports": imports,
    "pages": web,
    "program": program,
    "search": search,
    "states": states,
    "stored": files,
}
"""What makes each group of cases, in a folder that it may fill, by the name of the group's folder."""

_AGAIN = "python -m tests.golden --record"
_LINES = 60
_CASES = 12


def read(group: str, root: Path = RECORDED) -> dict[str, str]:
    """Return the recorded cases of a group."""
    folder = root / group
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes().decode("utf-8") for path in paths}


def record(group: str, made: Mapping[str, str], root: Path = RECORDED) -> None:
    """Record the cases of a group in place of those that were."""
    shutil.rmtree(root / group, ignore_errors=True)
    for case, text in made.items():
        path = root / group / case
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8"))


def differences(group: str, made: Mapping[str, str], recorded: Mapping[str, str]) -> list[str]:
    """Return a text for each case that differs: a diff, or which of output and record is missing."""
    found = []
    for case in sorted(made.keys() | recorded.keys()):
        where = f"{group}/{case}"
        if case not in made:
            found.append(f"{where} is recorded, and nothing produces it any more; remove it: {_AGAIN}")
        elif case not in recorded:
            found.append(f"{where} is produced and not recorded; record it: {_AGAIN}")
        elif made[case] != recorded[case]:
            lines = difflib.unified_diff(
                recorded[case].splitlines(),
                made[case].splitlines(),
                f"{where} as recorded",
                f"{where} now",
                n=2,
                lineterm="",
            )
            shown = list(islice(lines, _LINES + 1))
            cut = ["…"] if len(shown) > _LINES else []
            # Where no line differs, a line's end does.
            found.append("\n".join([*shown[:_LINES], *cut]) or f"{where} differs in the ends of its lines")
    return found


def told(found: list[str]) -> str:
    """Join what differs into one text of a length that can be read."""
    left = len(found) - _CASES
    rest = [f"… and {left} cases more"] if left > 0 else []
    head = f"{len(found)} cases differ; if that is meant, record anew: {_AGAIN}"
    return "\n\n".join([head, *found[:_CASES], *rest])


def strangers(root: Path = RECORDED) -> list[str]:
    """Return what lies beside the groups' folders."""
    return sorted(path.name for path in root.iterdir() if path.name not in GROUPS)
