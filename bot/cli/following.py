"""``bobbin follow``, ``unfollow`` and ``following``: authors whose threads come into public collections."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import click

from bot.cli.options import Completed
from bot.cli.terminal import counted, escape_terminal
from bot.database import ServerFile
from bot.fetching.errors import FetchError
from bot.fetching.guard import Guard
from bot.fetching.links import user_agent
from bot.fetching.schedule import BACKLOG
from bot.servers.erasures import apply_erasures
from bot.servers.follow_store import Followed, FollowStore, Place
from bot.servers.following import Bounds, Following, FollowRefusedError, find_followed
from bot.servers.preference_store import PreferenceStore
from bot.settings import Settings
from bot.startup import open_archive, start, version
from retrieval.archive import Archive

__all__ = ["follow", "following", "unfollow"]

_TIME = "%Y-%m-%d %H:%M"


@click.command(short_help="Follow an author into a public collection.")
@click.argument("author", metavar="URL|@HANDLE")
@click.option(
    "--collection",
    metavar="NAME",
    default="main",
    show_default=True,
    type=Completed("collections"),
    help="Where the threads are kept.",
)
def follow(*, author: str, collection: str) -> None:
    """Follow an author of Bluesky or Mastodon: their new threads come in by themselves.

    Name them by the link of their profile, or as @name.bsky.social (Bluesky) or @name@server (Mastodon). The
    account is followed, so a changed handle makes no difference. Up to 20 of their latest threads come in now
    and are not new for digests. After that, `bobbin run` takes each thread of three posts or more once its
    author has been silent for an hour.
    """
    if not any(sign.isalnum() for sign in collection):
        raise click.BadParameter("is empty; give the collection a name.", param_hint="--collection")
    settings = start()
    with _opened(settings) as (archive, store):
        try:
            handle, new, taken = asyncio.run(_follow(settings, archive, store, author.strip(), collection))
        except FetchError as error:
            raise click.ClickException(f"{escape_terminal(author, line=True)}: {error}") from error
        except FollowRefusedError as error:
            raise click.ClickException(
                f"{error.most} authors are followed, and more are not allowed; "
                "end a follow with `bobbin unfollow`, or raise BOBBIN_FOLLOWS"
            ) from error
        shown = next((one for one in store.following() if one.account.handle == handle), None)
    name = escape_terminal(handle, line=True)
    if not new:
        where = f", into {escape_terminal(shown.follow.place.collection, line=True)}" if shown else ""
        click.echo(f"{name} was followed already{where}.")
        return
    click.echo(
        f"Following {name}: {counted(taken, 'thread')} taken, at most {BACKLOG}, none of them announced."
    )
    if shown is not None and shown.reason:
        click.echo(f"The first look failed: its server {escape_terminal(shown.reason, line=True)}", err=True)
    click.echo("`bobbin run` takes what they write from now on; `bobbin following` shows how that goes.")


@click.command(short_help="End a follow.")
@click.argument("author", metavar="URL|@HANDLE")
def unfollow(*, author: str) -> None:
    """End a follow; what was taken stays in the archive. `bobbin forget @HANDLE` takes it out."""
    with ServerFile.open(start().servers) as file:
        store = FollowStore(file)
        ended = find_followed(store.following(), author)
        if not ended:
            raise click.ClickException(
                f"{escape_terminal(author, line=True)!r} is not followed; `bobbin following` lists who is"
            )
        for one in ended:
            store.remove(one.follow.id)
    for one in ended:
        click.echo(f"No longer following {escape_terminal(one.account.handle, line=True)}.")


@click.command(short_help="List whom Bobbin follows, and how that goes.")
@click.option("--all", "everyone", is_flag=True, help="Also those that servers follow.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")
def following(*, everyone: bool, as_json: bool) -> None:
    """List the authors that are followed: the last look at each, the last good one, and what is wrong."""
    with ServerFile.open(start().servers) as file:
        known = FollowStore(file).following(everyone=everyone)
    if as_json:
        click.echo(json.dumps([_record(one) for one in known], ensure_ascii=False, indent=2))
        return
    for one in known:
        click.echo("\n".join(_lines(one)))
    if not known:
        click.echo("Nobody is followed; `bobbin follow @HANDLE` begins.", err=True)


def _lines(one: Followed) -> Iterator[str]:
    place = one.follow.place
    yield f"{escape_terminal(one.account.handle, line=True)}  ({one.account.service})"
    where = f"into {escape_terminal(place.collection, line=True)}"
    if place.server_id is not None:
        where += f" of server {place.server_id}"
    yield f"   {where} since {_shown(one.follow.followed_at)}"
    looked, succeeded = _shown(one.course.looked), _shown(one.course.succeeded)
    yield f"   last look {looked}, last success {succeeded}, next look {_shown(one.course.due)} (UTC)"
    if one.reason:
        yield f"   nothing is taken: its server {escape_terminal(one.reason, line=True)}"


def _record(one: Followed) -> dict[str, Any]:
    """Return what is listed of a follow, with times in ISO 8601; ``reason`` is null where all is well."""
    follow, course = one.follow, one.course
    moments = {
        "since": follow.followed_at,
        "last_look": course.looked,
        "last_success": course.succeeded,
        "next_look": course.due,
    }
    return {
        "author": one.account.handle,
        "service": one.account.service,
        "collection": follow.place.collection,
        "server": None if follow.place.server_id is None else str(follow.place.server_id),
        **{name: moment and moment.astimezone(UTC).isoformat() for name, moment in moments.items()},
        "reason": one.reason,
    }


def _shown(moment: datetime | None) -> str:
    return "never" if moment is None else f"{moment.astimezone(UTC):{_TIME}}"


@contextmanager
def _opened(settings: Settings) -> Iterator[tuple[Archive, FollowStore]]:
    with open_archive(settings) as archive, ServerFile.open(settings.servers) as file:
        apply_erasures(file, archive, PreferenceStore(file))
        yield archive, FollowStore(file)


async def _follow(
    settings: Settings, archive: Archive, store: FollowStore, author: str, collection: str
) -> tuple[str, bool, int]:
    """Follow an author and look at once; return the handle, whether it is new, and how much was taken."""
    async with Guard(user_agent(version(), settings.contact)) as guard:
        work = Following(
            archive,
            store,
            lambda: guard,
            lambda: datetime.now(UTC),
            bounds=Bounds(settings.server_follows, settings.follows, settings.server_posts),
        )
        account, new = await work.follow(author, Place(None, collection))
        taken = 0
        if new:
            due = {(one.host, one.id): course for one, course in store.due_accounts(datetime.now(UTC))}
            course = due.get((account.host, account.id))
            taken = await work.look(account, course) if course else 0
        return account.handle, new, taken
