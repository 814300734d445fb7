"""The house rules that a machine can hold: which way imports point, how long a module may be."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# From the ground up: a module imports only from the lines above its own.
RETRIEVAL = """
    errors
    model
    saved
    openform
    parsing
    parsing.text parsing.frontmatter parsing.replies parsing.fragment parsing.attachments parsing.status
    parsing.parts
    parsing.xposts parsing.notes
    parsing.numbering parsing.body
    parsing.counted parsing.webpage
    parsing.page
    parsing.recognition
    parsing.cutting
    parsing.assembly parsing.markdown
    parsing.threads parsing.selfthreads
    parsing.records parsing.exported parsing.threadfile
    parsing.exportfiles parsing.spool
    readers.*
    readers
    bundles
    unpacking
    worker
    isolation
    languages
    languages.letters languages.arabic languages.ukrainian
    stopwords
    languages.unspaced language
    analyzer
    ranking
    ranking.numbers ranking.weights ranking.answertype ranking.confidence
    ranking.vocabulary ranking.postings
    ranking.compiled ranking.compiledfields ranking.spelling ranking.runs ranking.signs ranking.tokens
    ranking.skipping ranking.loops
    ranking.scored
    ranking.counting ranker
    ranking.gathering
    ranking.segment ranking.question
    ranking.fields ranking.joining ranking.stored
    search excerpt
    telling
    wording
    merge
    settle forgetting
    sqlite
    sqlite.database sqlite.rows sqlite.tombstones sqlite.batches
    sqlite.versions sqlite.sources sqlite.snapshot sqlite.browsing sqlite.arrivals sqlite.connections
    sqlite.migrations sqlite.settling
    sqlite.change sqlite.erasure
    sqlite.whole
    store
    shelf
    index titles
    holdings upkeep
    archive
    evaluation
    evaluation.collection
    evaluation.measures
    evaluation.bench evaluation.peers evaluation.foreign evaluation.misspelling
    evaluation.follow_ups
"""

BOT = """
    shards calm
    settings database catalogue apart
    feedback
    log
    digest.due digest.contents digest.zones digest.hours
    digest.records
    digest.ledger digest.asked
    digest.composer
    health
    health.meter
    health.record health.pulse health.vitals
    health.page
    servers
    servers.preferences
    servers.store servers.access servers.unanswered servers.uploads
    servers.quotas servers.leaving
    servers.forgetting
    privacy
    privacy.kept
    privacy.forgetting
    charts web.signing
    web.addresses
    render.limits
    render.inert render.state render.layout
    render.buttons render.heads
    render.notices render.pages render.access render.settings render.uploads render.privacy render.figures
    render.threads
    render.answers render.lists render.trend render.digests
    render
    digest.permissions
    digest.poster
    digest.schedule
    digest.office
    digest
    commands.question commands.recent commands.sync commands.naming commands.following
    commands.desk commands.access
    commands.replies commands.speech
    commands.errors
    commands.gate
    commands.buttons commands.admin
    commands.judging commands.removing
    commands.uploading
    commands.ask commands.settings commands.archive commands.privacy
    commands.messages commands.threads commands.browsing commands.help commands.digest commands.trend
    commands
    console
    console.terminal console.contract console.files console.options
    console.figures
    console.session console.running
    console.asking
    console.chat console.check console.importing console.exporting console.sources console.evaluating
    console.digest
    inbox
    inbox.ready inbox.turn
    inbox.intake
    health.watched gateway
    web.headers web.rate web.page web.languages web.room web.key
    web.site web.sheets
    web.failing web.replies
    web.browse web.thread web.feed
    web.asking web.forms web.trend
    web.routes
    web.app web.server
    web.hosting
    web
    console.serving
    client
    cli
    __main__
"""


def modules(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(path: Path) -> set[str]:
    """The project's own modules that a module imports, wherever in it the import stands."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            base = node.module or ""
            submodules = {f"{base}.{alias.name}" for alias in node.names}
            inside = {name for name in submodules if exists(name)}
            found |= inside or {base}
    return {name for name in found if name.split(".")[0] in {"bot", "retrieval"}}


def exists(module: str) -> bool:
    path = ROOT / Path(*module.split("."))
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


def floor(module: str) -> int:
    """How high above the ground a module stands: the number of its line."""
    package, _, name = module.partition(".")
    lines = RETRIEVAL if package == "retrieval" else BOT
    for number, line in enumerate(lines.splitlines()):
        for pattern in line.split():
            if name == pattern or (pattern.endswith(".*") and name.startswith(pattern[:-1])):
                return number
    raise AssertionError(f"{module} has no floor in this list")


@pytest.mark.parametrize("path", modules("retrieval"), ids=name_of)
def test_retrieval_knows_nothing_of_the_bot_of_discord_or_of_the_network(path: Path) -> None:
    outside = {"bot", "discord", "aiohttp", "socket", "urllib", "http", "asyncio"}
    tree = ast.walk(ast.parse(path.read_text()))
    imported = {alias.name for node in tree if isinstance(node, ast.Import) for alias in node.names}
    tree = ast.walk(ast.parse(path.read_text()))
    imported |= {node.module or "" for node in tree if isinstance(node, ast.ImportFrom)}
    assert not {name.split(".")[0] for name in imported} & outside


@pytest.mark.parametrize("path", modules("retrieval") + modules("bot"), ids=name_of)
def test_imports_point_downwards(path: Path) -> None:
    name = name_of(path)
    package = name.split(".")[0]
    if name == package:
        assert not imports_of(path), f"{name} is a door, not a room"
        return
    own = {imported for imported in imports_of(path) if imported.startswith(f"{package}.")}
    for imported in own:
        assert floor(imported) < floor(name), f"{name} imports {imported}, which does not lie below it"


@pytest.mark.parametrize("path", modules("bot"), ids=name_of)
def test_the_bot_enters_the_archive_by_its_front_door(path: Path) -> None:
    doors = {"retrieval", "retrieval.archive", "retrieval.model", "retrieval.errors", "retrieval.saved"}
    # Both keep SQLite files, and open them in one manner.
    doors |= {"retrieval.bundles", "retrieval.sqlite.database"}
    entered = {name for name in imports_of(path) if name.startswith("retrieval")}
    if name_of(path) in {"bot.console.evaluating", "bot.console.figures"}:
        # What is measured is the search beneath the front door; evaluation is a house of its own on top.
        entered = {name for name in entered if not name.startswith("retrieval.evaluation.")}
    assert entered <= doors


@pytest.mark.parametrize("path", modules("retrieval") + modules("bot"), ids=name_of)
def test_no_module_is_longer_than_six_hundred_lines(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 600


def test_nothing_else_lives_at_the_top() -> None:
    allowed = {"bot", "retrieval", "data", "tests", "pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE"}
    allowed |= {"constraints.txt"}
    # Build leavings of an installation are nobody's room.
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert found - {"dist", "build"} <= allowed
