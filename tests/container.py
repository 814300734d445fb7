"""Follow the container recipe in a clean root, and run what it makes as ``compose.yaml`` has it run.

``python -m tests.container`` builds the wheel, makes a clean root with debootstrap in the place of the base
image, follows ``data/deploy/Containerfile`` line by line in it, and starts the result: a loopback of its own
and no other network, a read-only root, a volume, an empty ``/tmp``, the recipe's user without capabilities,
and Bobbin as the first process. It needs root and debootstrap, and says so and ends with 0 where they are
missing; Debian and a package index must be in reach.
"""

import argparse
import asyncio
import contextlib
import fcntl
import json
import os
import re
import shlex
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.discord import LoopbackDiscord
from tests.packaging import ANSWER, QUESTION, build, run

__all__ = ["Recipe", "main", "missing", "read_recipe"]

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "data" / "deploy"
#: The release of Debian that brings each Python which the recipe may name.
RELEASES = {"3.11": "bookworm", "3.13": "trixie"}
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_FOLLOWED = {
    "FROM",
    "COPY",
    "RUN",
    "ENV",
    "USER",
    "WORKDIR",
    "VOLUME",
    "EXPOSE",
    "HEALTHCHECK",
    "STOPSIGNAL",
    "ENTRYPOINT",
    "CMD",
}
#: What a start may take until the health check is content, in seconds.
_START = 120
#: ``stop_grace_period`` of compose.yaml, in seconds.
_STOP = 20


@dataclass(frozen=True)
class Recipe:
    """The lines of a Containerfile: what is done to the root, in order, and how the result is run."""

    base: str
    steps: list[tuple[str, str]]
    environment: dict[str, str]
    user: str
    folder: str
    volume: str
    health: list[str]
    signal: str
    program: list[str]
    arguments: list[str]


def read_recipe(text: str) -> Recipe:
    """Return what a Containerfile holds; raises ``ValueError`` for an instruction not followed here."""
    joined = re.sub(r"\\\n", " ", text).splitlines()
    lines = [(line.split()[0], line.partition(" ")[2]) for line in joined if line and line[0] != "#"]
    last = dict(lines)
    if unknown := set(last) - _FOLLOWED:
        raise ValueError(f"the recipe has {', '.join(sorted(unknown))}, which is not followed here")
    return Recipe(
        base=last["FROM"],
        steps=[(word, rest) for word, rest in lines if word in {"COPY", "RUN"}],
        environment=dict(
            pair.split("=", 1) for word, rest in lines if word == "ENV" for pair in shlex.split(rest)
        ),
        user=last.get("USER", "root"),
        folder=last["WORKDIR"],
        volume=last["VOLUME"],
        health=json.loads(last["HEALTHCHECK"].partition(" CMD ")[2]),
        signal=last["STOPSIGNAL"],
        program=json.loads(last["ENTRYPOINT"]),
        arguments=json.loads(last["CMD"]),
    )


def missing() -> str | None:
    """Return what is missing for a clean root on this machine, or ``None``."""
    for program in ("debootstrap", "unshare", "chroot", "apt-get"):
        if shutil.which(program) is None:
            return f"{program} is not here"
    if os.geteuid() != 0:
        return "only root may make a clean root"
    tried = ["unshare", "--mount", "--net", "--pid", "--fork", "true"]
    if subprocess.run(tried, check=False, capture_output=True).returncode:
        return "no namespaces can be made here"
    return None


def clean_root(recipe: Recipe, root: Path) -> None:
    """Make the root that stands for the base image: Debian with the recipe's Python and nothing of Bobbin."""
    version = re.search(r"python:(\d+\.\d+)", recipe.base)
    if version is None or version[1] not in RELEASES:
        raise SystemExit(f"no release of Debian stands for {recipe.base}; add it to RELEASES")
    mirrors = run(
        "apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages", "Origin: Debian"
    )
    mirror = next((line for line in mirrors.splitlines() if line.startswith("http")), "")
    run("debootstrap", "--variant=minbase", "--include=python3,python3-venv", RELEASES[version[1]], root,
         *([mirror] if mirror else []))  # fmt: skip


def packages(recipe: Recipe, folder: Path) -> None:
    """Fetch the packages of ``requirements.txt`` for the recipe's Python: its steps then need no network."""
    version = recipe.base.partition(":")[2].partition("-")[0]
    # pip reads conditions for the Python that it runs on, so all are fetched.
    wanted = re.sub(
        r" ; .*(?= \\$)", "", (DEPLOY / "requirements.txt").read_text("utf-8"), flags=re.MULTILINE
    )
    folder.mkdir()
    (folder / "wanted.txt").write_text(wanted, encoding="utf-8")
    chosen = ["--require-hashes", "--no-deps", "--only-binary=:all:", "--python-version"]
    pip = [sys.executable, "-m", "pip", "download", *chosen, version]
    run(*pip, "--dest", folder, "--requirement", folder / "wanted.txt")


def follow(recipe: Recipe, root: Path, context: Path, wheels: Path) -> Iterator[str]:
    """Do the recipe's steps to a root, in order, and yield each that was done."""
    shutil.copytree(wheels, root / "wheels")
    environment = {"PATH": _PATH, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "/wheels", **recipe.environment}
    for word, rest in recipe.steps:
        if word == "COPY":
            *patterns, place = rest.split()
            target = root / place.lstrip("/")
            target.mkdir(parents=True, exist_ok=True)
            for pattern in patterns:
                found = list(context.glob(pattern))
                if not found:
                    raise SystemExit(f"COPY {pattern}: nothing matches")
                for path in found:
                    shutil.copy(path, target)
        else:
            run("unshare", "--net", "chroot", root, "/bin/sh", "-c", rest, env=environment)
        yield f"{word} {rest}"
    shutil.rmtree(root / "wheels")


def started(recipe: Recipe, root: Path, volume: Path, environment: dict[str, str], *words: str) -> list[str]:
    """Return the command that runs words in the root as Compose would: read-only, without capabilities."""
    quoted = shlex.quote(str(root))
    script = f"""
        mount --make-rprivate /
        mount --bind {quoted} {quoted}
        mount --bind {shlex.quote(str(volume))} {quoted}{recipe.volume}
        mount -t tmpfs none {quoted}/tmp
        mount -t proc none {quoted}/proc
        mount -o remount,bind,ro {quoted}
        exec chroot {quoted} /usr/bin/setpriv --reuid={recipe.user} --regid={recipe.user} --clear-groups \
            --bounding-set=-all --inh-caps=-all --no-new-privs -- \
            /usr/bin/env -i --chdir={recipe.folder} "$@"
    """  # noqa: S108 - the container's own
    variables = {"PATH": _PATH, **recipe.environment, **environment}
    pairs = [f"{name}={value}" for name, value in variables.items()]
    return ["unshare", "--mount", "--pid", "--ipc", "--uts", "--fork", "--kill-child", "--",
            "sh", "-euc", script, "sh", *pairs, *words]  # fmt: skip


def loopback_up() -> None:
    """Switch the loopback of this network namespace on."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as channel:
        fcntl.ioctl(channel, 0x8914, struct.pack("16sH14x", b"lo", 0x1 | 0x40))  # SIOCSIFFLAGS: up, running


def first_process(outer: int) -> tuple[int, str]:
    """Return the first process of the container, and what the kernel notes of it."""
    process = int(Path(f"/proc/{outer}/task/{outer}/children").read_text().split()[0])
    return process, Path(f"/proc/{process}/status").read_text()


async def ended(*command: str, wanted: int = 0) -> str:
    """Run a command to its end, without standing in the event loop's way; return what it wrote."""
    child = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    written, _ = await child.communicate()
    if child.returncode != wanted:
        raise SystemExit(f"{' '.join(command[-4:])} ended with {child.returncode}:\n{written.decode()}")
    return written.decode()


def request(address: str) -> int:
    """Return the status of an address of the container."""
    try:
        with urllib.request.urlopen(address, timeout=10) as reply:  # noqa: S310 - the loopback
            return int(reply.status)
    except urllib.error.HTTPError as error:
        return error.code


async def serve(recipe: Recipe, root: Path, volume: Path) -> None:
    """Ask the container a question, run it twice on one volume, and print what was seen to work."""
    async with LoopbackDiscord() as discord:
        discord.add_guild("Reading room").add_channel("general")
        environment = {
            "BOBBIN_DISCORD_TOKEN": discord.token,
            "BOBBIN_DISCORD_API": discord.api_url,
            "BOBBIN_DISCORD_GATEWAY": discord.gateway_url,
        }

        def inside(*words: str) -> list[str]:
            return started(recipe, root, volume, environment, *words)

        if ANSWER not in await ended(*inside(*recipe.program, "ask", QUESTION)):
            raise SystemExit(f"the container does not answer {QUESTION!r}")
        report(f"answered {QUESTION!r}")
        refused = await ended(*inside("/bin/sh", "-c", "touch /opt/bobbin/x /etc/x /x; id -un"))
        if refused.count("Read-only file system") != 3 or not refused.endswith(f"{recipe.user}\n"):
            raise SystemExit(f"the root could be written to, or not by {recipe.user}:\n{refused}")
        report(f"runs as {recipe.user}; the root is read-only")
        for turn in ("first", "second"):
            await start_and_stop(
                recipe, inside(*recipe.program, *recipe.arguments), inside(*recipe.health), turn
            )
        report(await ended(*inside(*recipe.program, "backup", "/data/backups")))
        if discord.problems:
            raise SystemExit("\n".join(map(str, discord.problems)))


async def start_and_stop(recipe: Recipe, command: Sequence[str], health: Sequence[str], turn: str) -> None:
    """Start the bot, wait for its health check, look at its rights and addresses, and stop it."""
    child = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.PIPE)
    assert child.stderr is not None
    log = asyncio.create_task(child.stderr.read())
    try:
        async with asyncio.timeout(_START):
            while child.returncode is None:
                with contextlib.suppress(SystemExit):
                    await ended(*health)
                    break
                await asyncio.sleep(0.5)
        if child.returncode is not None:
            raise SystemExit(f"bobbin run ended with {child.returncode}:\n{(await log).decode()}")
        process, status = first_process(child.pid)
        for line in (r"CapEff:\s0+$", r"CapBnd:\s0+$", r"NoNewPrivs:\s1$", r"NSpid:\s\d+\s1$"):
            if not re.search(line, status, re.MULTILINE):
                raise SystemExit(f"the process has not {line}:\n{status}")
        async with asyncio.timeout(_START):
            while await asyncio.to_thread(request, "http://127.0.0.1:8471/health") != 200:  # noqa: ASYNC110 - another process's
                await asyncio.sleep(0.5)
        seen = {
            address: await asyncio.to_thread(request, f"http://127.0.0.1:{address}")
            for address in ("8471/live", "8471/health", "8471/metrics", "8470/", "8470/health")
        }
        if list(seen.values()) != [200, 200, 200, 200, 404]:
            raise SystemExit(f"the addresses answer {seen}")
        os.kill(process, signal.Signals[recipe.signal])
        async with asyncio.timeout(_STOP):
            code = await child.wait()
        if code:
            raise SystemExit(f"bobbin run ended with {code}:\n{(await log).decode()}")
    finally:
        if child.returncode is None:
            child.kill()
        await child.wait()
    report(f"{turn} start: health check, pages and health answer; stopped by {recipe.signal} with 0")


def report(line: str) -> None:
    """Print a line at once."""
    print(line.rstrip(), flush=True)  # noqa: T201


def main() -> None:
    """Make the root, follow the recipe, and run it in a network of its own."""
    parser = argparse.ArgumentParser(prog="tests.container", description=__doc__)
    parser.add_argument("--base", type=Path, help="a clean root that debootstrap made; it is copied")
    parser.add_argument("--made", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    recipe = read_recipe((DEPLOY / "Containerfile").read_text(encoding="utf-8"))
    if options.made:
        loopback_up()
        asyncio.run(serve(recipe, options.made, options.made.with_name("volume")))
        return
    if reason := missing():
        report(f"skipped: {reason}")
        return
    with tempfile.TemporaryDirectory() as name:
        folder, root = Path(name), Path(name) / "root"
        folder.chmod(0o755)
        _, wheel = build(folder)
        shutil.copy(DEPLOY / "requirements.txt", wheel.parent)
        packages(recipe, folder / "wheels")
        if options.base:
            run("cp", "-a", options.base, root)
        else:
            clean_root(recipe, root)
        for step in follow(recipe, root, wheel.parent, folder / "wheels"):
            report(step)
        volume = folder / "volume"
        # A new volume begins with what the image has at its place, owner and all.
        run("cp", "-a", root / recipe.volume.lstrip("/"), volume)
        inner = [sys.executable, "-m", "tests.container", "--made", str(root)]
        inside = ["unshare", "--net", *inner]
        raise SystemExit(subprocess.run(inside, check=False, cwd=ROOT).returncode)


if __name__ == "__main__":
    main()
