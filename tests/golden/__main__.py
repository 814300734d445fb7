"""Compare what Bobbin says now with what is recorded, or record it anew."""

import argparse
import asyncio
import logging
import sys
import tempfile
from pathlib import Path

from tests.golden.record import GROUPS, RECORDED, differences, read, record, told

__all__ = ["main"]


async def run(groups: list[str], *, anew: bool) -> int:
    """Go through groups of cases; return how many cases differ from what was recorded before."""
    found = []
    for group in groups:
        with tempfile.TemporaryDirectory(prefix="golden-") as folder:
            made = await GROUPS[group](Path(folder) / group)
        found += differences(group, made, read(group))
        if anew:
            record(group, made)
        sys.stdout.write(f"{group}: {len(made)} cases\n")
        sys.stdout.flush()
    if found:
        sys.stdout.write((f"{len(found)} cases recorded anew" if anew else told(found)) + "\n")
    return len(found)


def main() -> None:
    """Read the arguments and go."""
    parser = argparse.ArgumentParser(prog="python -m tests.golden", description=__doc__)
    parser.add_argument("--record", action="store_true", help=f"write what differs to {RECORDED.name}/")
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=f"only these of {', '.join(GROUPS)}")
    given = parser.parse_args()
    unknown = set(given.groups) - GROUPS.keys()
    if unknown:
        parser.error(f"no group {', '.join(sorted(unknown))}; there are {', '.join(GROUPS)}")
    logging.getLogger().addHandler(logging.NullHandler())  # errors are made on purpose here
    differing = asyncio.run(run(given.groups or list(GROUPS), anew=given.record))
    sys.exit(1 if differing and not given.record else 0)


if __name__ == "__main__":
    main()
