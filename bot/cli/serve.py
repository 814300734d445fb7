"""``bobbin serve``: the pages alone, without Discord."""

import asyncio
import logging
import signal

import click

from bot.startup import data_in_use, open_archive, start

__all__ = ["serve"]


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), help="Listen at this port; 0 takes any that is free.")
def serve(port: int | None) -> None:
    """Serve the pages of all threads to a browser, until it is stopped.

    They are for this machine alone unless BOBBIN_HTTP_HOST says otherwise. Neither Discord nor a token
    is needed.
    """
    settings = start(at_least=logging.WARNING)
    if port is not None:
        settings = settings.model_copy(update={"http_port": port})
    with data_in_use(settings), open_archive(settings) as archive:
        archive.refresh()
        archive.watch()
        # Not at the top: the other commands of the terminal should not wait for it to load.
        from bot.web.runner import serve_pages  # noqa: PLC0415

        async def run() -> None:
            stop = asyncio.Event()
            for number in (signal.SIGTERM, signal.SIGINT):
                asyncio.get_running_loop().add_signal_handler(number, stop.set)
            async with serve_pages(archive, settings) as address:
                click.echo(f"Bobbin's pages are at {address}/ (stop with Ctrl-C)")
                await stop.wait()

        asyncio.run(run())
