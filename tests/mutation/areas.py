"""The areas: which modules are mutated, and which tests have to notice."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

__all__ = ["AREAS", "ROOT", "Area"]

ROOT: Final = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Area:
    """Modules and tests as paths below the project's root; a folder stands for all below it."""

    modules: tuple[str, ...]
    tests: tuple[str, ...]

    def files(self) -> list[Path]:
        """Return the files to mutate, in order.

        Machine code is not mutated: a loop of ``*_numba.py`` is compiled before the fork, and tests compare
        it with what NumPy computes. ``jit.py`` only loads them.
        """
        files: set[Path] = set()
        for name in self.modules:
            path = ROOT / name
            files |= set(path.rglob("*.py")) if path.is_dir() else {path}
        return sorted(
            path
            for path in files
            if path.name not in {"__init__.py", "jit.py"} and not path.stem.endswith("_numba")
        )


AREAS: Final = {
    "search": Area(
        ("retrieval/search", "retrieval/index"),
        (
            "tests/retrieval/search",
            "tests/retrieval/index",
            "tests/retrieval/test_quality_floors.py",
            "tests/retrieval/test_languages.py",
            "tests/golden/test_golden.py",
        ),
    ),
    "linkage": Area(
        ("retrieval/linkage",),
        (
            "tests/retrieval/linkage",
            "tests/retrieval/test_alike.py",
            "tests/retrieval/storage/test_provenance.py",
            "tests/retrieval/storage/test_store.py",
        ),
    ),
    "digest": Area(
        ("bot/digest", "bot/posting"),
        (
            "tests/bot/digest",
            "tests/bot/posting",
            "tests/bot/cli/test_digest.py",
            "tests/bot/commands/test_digest.py",
        ),
    ),
    "access": Area(
        (
            "bot/interactions/access.py",
            "bot/interactions/access_check.py",
            "bot/servers/access.py",
            "bot/servers/preference_store.py",
            "bot/servers/preferences.py",
            "bot/servers/quotas.py",
            "bot/views/access.py",
        ),
        (
            "tests/bot/interactions/test_access.py",
            "tests/bot/interactions/test_access_check.py",
            "tests/bot/servers",
            "tests/bot/commands/test_settings.py",
            "tests/bot/commands/test_user_install.py",
        ),
    ),
}
