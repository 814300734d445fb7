"""``bobbin digest``: a server's digest, as posted or as it would be posted."""

import json
import sys
from datetime import UTC, date, datetime

import click

from bot.cli import terminal
from bot.cli.options import Day, WholeNumber
from bot.cli.terminal import escape_terminal
from bot.database import ServerFile
from bot.digest.composer import Composer, Plan, plan_of
from bot.digest.ledger import Ledger
from bot.digest.model import DigestState, Subscription
from bot.digest.usage_counts import UsageCounts
from bot.servers.erasures import apply_erasures
from bot.servers.preference_store import PreferenceStore
from bot.startup import open_archive, start
from retrieval.errors import NotFoundError

__all__ = ["digest"]

_OUTCOMES = {
    DigestState.CLAIMED: "begun and not finished yet",
    DigestState.POSTED: "posted",
    DigestState.QUIET: "left out, for there was nothing new",
    DigestState.REFUSED: "refused by Discord",
    DigestState.MISSED: "never posted; the one after it covers it",
}


@click.command(short_help="Print a server's digest.")
@click.option(
    "--server",
    "server_id",
    type=WholeNumber(0, 2**64 - 1),
    required=True,
    metavar="ID",
    help="The server's id in Discord.",
)
@click.option("--date", "moment", type=Day(), metavar="DAY", help="A local date: 2026-11-22.")
@click.option("--digest", "name", metavar="NAME", help="Which digest, where the server has several.")
@click.option("--preview", is_flag=True, help="Compose the one that comes next; nothing is posted.")
def digest(server_id: int, moment: datetime | None, name: str | None, *, preview: bool) -> None:
    """Print a server's digest: the last one in the ledger, or that of --date.

    Of several digests --digest names one; the one without a name is "".

    With --preview it is the one that comes next, as of now; for a server that has no digest, as if the
    whole archive were new.
    """
    day = moment.date() if moment else None
    settings = start()
    with open_archive(settings) as archive, ServerFile.open(settings.servers) as file:
        apply_erasures(file, archive, PreferenceStore(file))
        ledger = Ledger(file)
        composer = Composer(archive, ledger, UsageCounts(file))
        subscription = _named(ledger, server_id, name)
        if preview:
            plan, outcome = _next(subscription, composer, server_id, day), "as it would be posted next"
        else:
            plan, outcome = _recorded(ledger, subscription, server_id, day)
        composed = composer.compose(plan)
    if preview and not composed.worth_posting(plan.content):
        outcome = "would be left out, for there is nothing new"
    called = f" {escape_terminal(composed.name, line=True)}," if composed.name else ""
    click.echo(f"Digest{called} of {composed.day.isoformat()}: {outcome}\n")
    click.echo(terminal.digest(composed, terminal.terminal_style(sys.stdout)), nl=False)


def _named(ledger: Ledger, server_id: int, name: str | None) -> Subscription | None:
    """Return the digest of a name, without one the only one. Raises ``NotFoundError``."""
    known = ledger.subscriptions_of(server_id)
    if name is None and len(known) <= 1:
        return known[0] if known else None
    found = [one for one in known if name is not None and one.options.name.casefold() == name.casefold()]
    if not found:
        names = ", ".join(json.dumps(one.options.name, ensure_ascii=False) for one in known) or "none"
        called = "several digests" if name is None else "no digest of that name"
        raise NotFoundError(f"server {server_id} has {called}; choose one with --digest: {names}")
    return found[0]


def _next(subscription: Subscription | None, composer: Composer, server_id: int, day: date | None) -> Plan:
    """Return the plan of the digest that comes next; ``day`` takes the place of its date."""
    now = datetime.now(UTC)
    if subscription is not None:
        return composer.next_plan(subscription, now, day)
    return Plan(server_id, day or now.date(), UTC, until=composer.position().number)


def _recorded(
    ledger: Ledger, subscription: Subscription | None, server_id: int, day: date | None
) -> tuple[Plan, str]:
    """Return the plan of a digest in the ledger and its outcome. Raises ``NotFoundError``."""
    number = subscription.number if subscription else 0
    latest = ledger.entries(server_id, number)
    entry = ledger.entry(server_id, day, number) if day else next(iter(latest), None)
    if entry is None:
        of = f" of {day.isoformat()}" if day else ""
        raise NotFoundError(f"server {server_id} has no digest{of}; --preview shows the one that comes next")
    return plan_of(entry, subscription), _OUTCOMES[entry.state]
