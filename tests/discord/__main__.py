"""Serve a loopback Discord until it is interrupted."""

import argparse
import asyncio
import contextlib
import sys

from tests.discord.server import LoopbackDiscord

__all__ = ["main"]


async def serve(port: int) -> None:
    """Print the addresses and the token, and serve with one server and one person in it."""
    async with LoopbackDiscord(port=port) as discord:
        guild = discord.add_guild("Reading room")
        channel = guild.add_channel("general")
        guild.add_member(discord.add_user("alice"), administrator=True)
        lines = {
            "api": discord.api_url,
            "gateway": discord.gateway_url,
            "token": discord.token,
            "guild": guild.id,
            "channel": channel.id,
            "contract": "on" if discord.has_contract else "off (no openapi.json or no jsonschema)",
        }
        for name, value in lines.items():
            sys.stdout.write(f"{name:9}{value}\n")
        sys.stdout.flush()
        told = 0
        while True:
            await asyncio.sleep(0.2)
            for problem in discord.problems[told:]:
                sys.stderr.write(f"problem: {problem}\n")
            told = len(discord.problems)


def main() -> None:
    """Read the port and serve."""
    parser = argparse.ArgumentParser(prog="tests.discord", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 lets the kernel choose")
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(parser.parse_args().port))


if __name__ == "__main__":
    main()
