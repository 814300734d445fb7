"""``bobbin run`` and ``bobbin serve``: the bot in Discord, and the pages without it."""

import asyncio
import logging
import signal
import sys
from dataclasses import replace

import click

from bot.cli.browser import open_in_browser
from bot.cli.options import WholeNumber
from bot.descriptors import raise_descriptor_limit
from bot.runtime import stopping_signals
from bot.startup import data_in_use, open_archive, start

__all__ = ["run", "serve"]


@click.command(short_help="Start the bot in Discord.")
@click.pass_context
def run(context: click.Context) -> None:
    """Start the bot in Discord; it runs until it is stopped.

    The token is read from BOBBIN_DISCORD_TOKEN.
    """
    # Being stopped while still loading is a clean end too; the client takes the signal over.
    for number in stopping_signals():
        if number != signal.SIGINT:
            signal.signal(number, lambda *_: sys.exit(0))
    settings = start(at_least=logging.NOTSET)
    from bot.process import run as run_bot  # noqa: PLC0415 - `serve` works without discord.py

    context.exit(run_bot(settings))


@click.command(short_help="Serve the pages to a browser.")
@click.option("--host", metavar="ADDRESS", help="Listen at this address; :: or 0.0.0.0 is every one.")
@click.option(
    "--port",
    type=WholeNumber(0, 65535),
    help="Listen at this port, up to 65535; 0 takes any that is free.",
)
@click.option("--open", "open_browser", is_flag=True, help="Open the first page in the browser.")
def serve(host: str | None, port: int | None, *, open_browser: bool) -> None:
    """Serve the pages of all threads to a browser, until it is stopped.

    They are for this machine alone unless --host or BOBBIN_HTTP_HOST says otherwise. Neither Discord nor a
    token is needed.
    """
    settings = start(at_least=logging.WARNING)
    settings = replace(
        settings,
        http_host=settings.http_host if host is None else host,
        http_port=settings.http_port if port is None else port,
    )
    raise_descriptor_limit()
    with data_in_use(settings), open_archive(settings) as archive:
        archive.refresh()
        archive.watch()
        from bot.web.runner import serve_pages  # noqa: PLC0415 - `run` loads it with the client

        async def serve_until_stopped() -> None:
            stop = asyncio.Event()
            for number in stopping_signals():
                asyncio.get_running_loop().add_signal_handler(number, stop.set)
            async with serve_pages(archive, settings) as address:
                click.echo(f"Bobbin's pages are at {address}/ (stop with Ctrl-C)")
                if open_browser:
                    await asyncio.to_thread(open_in_browser, f"{address}/")
                await stop.wait()

        asyncio.run(serve_until_stopped())
