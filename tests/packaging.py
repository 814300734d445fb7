"""Build sdist and wheel, check what is in them, and ask a question of the wheel on clean interpreters.

``python -m tests.packaging`` does it, and CI runs it; it needs a package index. The wheel is built from the
sdist, and installed by the hashes of ``data/deploy/requirements.txt`` on Python 3.11 and on the newest Python
that is found here.
"""

import argparse
import os
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

__all__ = [
    "ANSWER",
    "QUESTION",
    "build",
    "interpreters",
    "main",
    "run",
    "tracked",
    "wrong_in_sdist",
    "wrong_in_wheel",
]

ROOT = Path(__file__).resolve().parent.parent
QUESTION = "How do I look up a thread?"
ANSWER = "Looking up a thread"
OLDEST = (3, 11)


def tracked() -> set[str]:
    """Return the paths of the files that git tracks."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True)  # noqa: S607
    return {name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).exists()}


def wrong_in_wheel(path: Path) -> set[str]:
    """Return the names that a wheel holds and should not, or should hold and does not."""
    with zipfile.ZipFile(path) as wheel:
        names = {name for name in wheel.namelist() if ".dist-info/" not in name and not name.endswith("/")}
    files = tracked()
    expected = {
        name
        for name in files
        if re.match(r"(?:bot|retrieval)/", name) and not re.search(r"^\w+/\w+\.md$", name)
    }
    for folder, place in (("data/threads/", "bot/handbook/"), ("data/deploy/", "bot/deploy/")):
        expected |= {name.replace(folder, place, 1) for name in files if name.startswith(folder)}
    return names ^ (expected | {"bot/deploy/env.example"})


def wrong_in_sdist(path: Path) -> set[str]:
    """Return the names that an sdist holds and should not, or should hold and does not."""
    with tarfile.open(path) as sdist:
        names = {member.name.partition("/")[2] for member in sdist.getmembers() if member.isfile()}
    left = {name for name in tracked() if re.match(r"\.ci/|\.github/", name)}
    return (names - {"PKG-INFO"}) ^ (tracked() - left)


def interpreters() -> list[str]:
    """Return a Python 3.11 and the newest Python that are found here, by version."""
    folders = [Path(name) for name in os.get_exec_path()]
    folders += sorted(Path.home().glob(".pyenv/versions/*/bin"))
    found: dict[tuple[int, ...], list[str]] = {sys.version_info[:2]: [sys._base_executable]}  # type: ignore[attr-defined]
    for folder in folders:
        for program in folder.glob("python3.*"):
            version = re.fullmatch(r"python3\.(\d+)", program.name)
            if version and os.access(program, os.X_OK):
                found.setdefault((3, int(version[1])), []).append(str(program))
    # A version manager's stand-in for a Python that is not chosen does not work.
    working = {
        version: next(filter(_works, programs), None)
        for version, programs in found.items()
        if version >= OLDEST
    }
    usable = {version: program for version, program in working.items() if program}
    return [usable[version] for version in sorted({min(usable), max(usable)})]


def _works(program: str) -> bool:
    return (
        subprocess.run([program, "-c", "import venv, ensurepip"], check=False, capture_output=True).returncode
        == 0
    )


def run(*command: str | Path, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> str:
    """Run a command to its end and return what it wrote; raises ``SystemExit`` with that where it fails.

    Without ``env`` it gets this process's environment, without what is meant for Bobbin or Python here.
    """
    if env is None:
        env = {
            name: value for name, value in os.environ.items() if not name.startswith(("BOBBIN_", "PYTHON"))
        }
    ended = subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if ended.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} failed:\n{ended.stdout}")
    return ended.stdout


def build(folder: Path) -> tuple[Path, Path]:
    """Build both and return their paths."""
    tools = folder / "tools"
    run(sys.executable, "-m", "venv", tools, cwd=folder)
    run(tools / "bin" / "pip", "install", "-q", "build", "hatchling>=1.27", cwd=folder)
    run(
        tools / "bin" / "python",
        "-m",
        "build",
        "--no-isolation",
        "--outdir",
        folder / "dist",
        ROOT,
        cwd=folder,
    )
    (sdist,), (wheel,) = (folder / "dist").glob("*.tar.gz"), (folder / "dist").glob("*.whl")
    return sdist, wheel


def ask(python: str, wheel: Path, folder: Path) -> Iterator[str]:
    """Install the wheel on an interpreter, and yield what was seen to work."""
    home = folder / f"home-{Path(python).name}"
    home.mkdir()
    run(python, "-m", "venv", home / "venv", cwd=home)
    pip, bobbin = home / "venv" / "bin" / "pip", home / "venv" / "bin" / "bobbin"
    run(pip, "install", "-q", "--require-hashes", "-r", ROOT / "data/deploy/requirements.txt", cwd=home)
    run(pip, "install", "-q", "--no-deps", wheel, cwd=home)
    yield run(home / "venv" / "bin" / "python", "--version", cwd=home).strip()
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    said = run(bobbin, "--version", cwd=home).strip()
    if said != f"bobbin {version}":
        raise SystemExit(f"bobbin --version says {said!r}, and pyproject.toml {version}")
    yield said
    if ANSWER not in run(bobbin, "ask", QUESTION, cwd=home):
        raise SystemExit(f"the wheel does not answer {QUESTION!r}")
    yield f"answered {QUESTION!r}"
    run(bobbin, "check", cwd=home)
    yield f"licences of {len(run(bobbin, 'licences', cwd=home).splitlines())} packages"


def main() -> None:
    """Build, check and ask."""
    parser = argparse.ArgumentParser(prog="tests.packaging", description=__doc__)
    parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sdist, wheel = build(folder)
        for path, wrong in ((sdist, wrong_in_sdist(sdist)), (wheel, wrong_in_wheel(wheel))):
            if wrong:
                raise SystemExit(f"{path.name} differs from what git tracks: {', '.join(sorted(wrong))}")
            print(f"{path.name}: {path.stat().st_size:,} bytes, with what it should hold and nothing else")  # noqa: T201
        for python in interpreters():
            print("; ".join(ask(python, wheel, folder)), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
