"""Ask 10,000 questions at once from 1,000 people in 50 servers, with the connection cut meanwhile.

The loopback Discord and the bot are processes of their own, so on two cores. In the same run a bare
discord.py client is measured that answers each question with one fixed sentence: what it takes is the
price of the library and of the loopback, and the ratio is Bobbin's own share. Three runs each:

- ``all at once``: every question is there in the same moment, as after an outage;
- ``one each``: each person asks on when answered, so as many are under way as there are people;
- ``one each, cut``: the same, while the gateway's connection is lost 100 times, in turn by a reset, by a
  close and by Discord's request to reconnect.

Run it as ``python -m tests.benchmarks.load [--questions 10000] [--people 1000] [--servers 50] [--cuts 100]
[--way mention|ask] [--bobbin-only]``.
"""

import argparse
import asyncio
import json
import random
import signal
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path

from tests.benchmarks.bars import fail_below_bar
from tests.benchmarks.clients import be_bare, be_bobbin
from tests.benchmarks.interactions import fill, sentence
from tests.benchmarks.loopback import client_process
from tests.benchmarks.trial import say
from tests.discord import Channel, LoopbackDiscord, Person, Use
from tests.discord.snowflakes import time_of
from tests.discord.state import Message
from tests.promises import sabotage

__all__ = ["Crowd", "Figures", "cut_now_and_then", "main"]

_COLUMNS = "{:<26}{:>9}{:>6}{:>8}{:>8}{:>8}{:>8}{:>9}{:>8}{:>8}{:>8}{:>5}"
_HEAD = (
    "",
    "answered",
    "lost",
    "doubled",
    "p50 s",
    "p99 s",
    "max s",
    "a second",
    "CPU ms",
    "loop ms",
    "resumed",
    "new",
)
_PATIENCE = 30.0
#: An answer later than that, in seconds, is late.
_LATE = 3.0
_POLL = 0.02


@dataclass(frozen=True, slots=True)
class Figures:
    """What came of a run: counts of questions, seconds of each answer and in all, and the client's own.

    ``loop_delay`` is the longest delay of its event loop, ``processor`` its processor time, in seconds.
    """

    asked: int
    answered: int
    doubled: int
    seconds: tuple[float, ...]
    lasted: float
    loop_delay: float
    processor: float
    resumed: int
    identified: int

    @property
    def lost(self) -> int:
        """Return how many questions were never answered."""
        return self.asked - self.answered

    def quantile(self, percent: int) -> float:
        """Return the seconds within which so many percent of the answers came."""
        return statistics.quantiles(self.seconds, n=100)[percent - 1] if len(self.seconds) > 1 else 0.0


@dataclass
class Crowd:
    """People in servers who ask, and what became of their questions."""

    server: LoopbackDiscord
    way: str
    places: list[tuple[Person, Channel]] = field(default_factory=list)
    waiting: dict[int, tuple[Person, Channel]] = field(default_factory=dict)
    uses: dict[int, Use] = field(default_factory=dict)
    took: list[float] = field(default_factory=list)
    replies: Counter[int] = field(default_factory=Counter)
    read: Counter[int] = field(default_factory=Counter)
    asked: int = 0
    #: Makes the next question; by default of made-up words, the same in every run.
    question: Callable[[], str] = field(default_factory=lambda: partial(sentence, random.Random(2), 6))  # noqa: S311

    def gather(self, people: int, servers: int) -> None:
        """Let so many people into so many servers, each into one."""
        halls = [self.server.add_guild(f"House {number}").add_channel("hall") for number in range(servers)]
        for number in range(people):
            hall, person = halls[number % servers], self.server.add_user(f"person-{number}")
            assert hall.guild is not None
            hall.guild.add_member(person)
            self.places.append((person, hall))

    async def ask(self, person: Person, hall: Channel) -> None:
        """Let a person ask something."""
        self.asked += 1
        question = self.question()
        if self.way == "ask":
            use = await person.uses(hall, "ask", question=question)
            self.uses[use.interaction.id] = use
            self.waiting[use.interaction.id] = person, hall
        else:
            said = await person.says(hall, f"{self.server.bot_user.mention} {question}")
            self.waiting[said.id] = person, hall

    def answered(self) -> list[tuple[Person, Channel]]:
        """Take note of the answers since the last look; return who has now been answered."""
        return self._used() if self.way == "ask" else self._replied()

    def _used(self) -> list[tuple[Person, Channel]]:
        done = []
        for number in [one for one in self.waiting if self.uses[one].answer_ms is not None]:
            use = self.uses[number]
            self.took.append((use.answer_ms or 0.0) / 1000)
            self.replies[number] += 1 + len(use.interaction.followups)
            done.append(self.waiting.pop(number))
        return done

    def _replied(self) -> list[tuple[Person, Channel]]:
        done = []
        for hall in {hall.id: hall for _, hall in self.places}.values():
            new = list(islice(hall.messages.values(), self.read[hall.id], None))
            self.read[hall.id] += len(new)
            done += [place for message in new if (place := self._reply(message)) is not None]
        return done

    def _reply(self, message: Message) -> tuple[Person, Channel] | None:
        asked = message.reply_to
        if message.author is not self.server.bot_user or asked is None:
            return None
        self.replies[asked.id] += 1
        if self.replies[asked.id] > 1:
            return None
        self.took.append((time_of(message.id) - time_of(asked.id)).total_seconds())
        return self.waiting.pop(asked.id)

    async def go(self, questions: int, *, at_once: bool) -> float:
        """Ask so many questions and wait for the answers; return the seconds that took.

        Those that are not answered for a minute after the last answer count as lost.
        """
        started = last = time.monotonic()
        for person, hall in self.places * (questions // len(self.places) if at_once else 1):
            await self.ask(person, hall)
        while self.waiting and time.monotonic() - last < _PATIENCE:
            for person, hall in self.answered():
                last = time.monotonic()
                if self.asked < questions:
                    await self.ask(person, hall)
            await asyncio.sleep(_POLL)
        await asyncio.sleep(0.5)
        self.answered()  # a second answer to the same question would have come by now
        return last - started

    def figures(self, lasted: float, told: Mapping[str, float], resumed: int) -> Figures:
        """Sum up."""
        return Figures(
            asked=self.asked,
            answered=len(self.replies),
            doubled=sum(count > 1 for count in self.replies.values()),
            seconds=tuple(self.took),
            lasted=lasted,
            loop_delay=told["loop_delay"],
            processor=told["processor"],
            resumed=resumed,
            identified=len(self.server.gateway.identifies),
        )


async def cut_now_and_then(server: LoopbackDiscord, times: int, every: float) -> None:
    """Lose the gateway's connection so often, after random pauses of ``every`` seconds in the middle."""
    chance = random.Random(3)  # noqa: S311 - the same moments in every run
    for number in range(times):
        await asyncio.sleep(chance.uniform(0, 2 * every))
        if number % 3 == 0:
            await server.drop_sockets()
        elif number % 3 == 1:
            await server.close_sockets(4000)
        else:
            await server.ask_reconnect()


def main() -> None:
    """Read the options and measure, or be one of the clients."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks.load", description=__doc__)
    parser.add_argument("--questions", type=int, default=10_000)
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--servers", type=int, default=50)
    parser.add_argument("--cuts", type=int, default=100)
    parser.add_argument("--threads", type=int, default=300, help="threads of ten posts in the archive")
    parser.add_argument("--way", choices=("mention", "ask"), default="mention")
    parser.add_argument("--runs", default="all at once,one each,one each cut")
    parser.add_argument("--bobbin-only", action="store_true", help="leave the bare client out")
    parser.add_argument("--logs", type=Path, help="keep the clients' logs in this folder")
    parser.add_argument("--be", choices=("bobbin", "bare"), help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    sabotage.apply()
    if chosen.be == "bobbin":
        asyncio.run(be_bobbin())
    elif chosen.be == "bare":
        asyncio.run(be_bare())
    else:
        asyncio.run(_measure(chosen))


async def _measure(chosen: argparse.Namespace) -> None:
    """Measure each run and print a line each."""
    say(
        f"{chosen.questions} questions by {chosen.way} from {chosen.people} people in {chosen.servers} "
        f"servers, over {chosen.threads * 10} posts; {chosen.cuts} cuts"
    )
    say(_COLUMNS.format(*_HEAD))
    short: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder) / "archive.db", chosen.threads)
        for run in chosen.runs.split(","):
            known = {}
            for client in ("bobbin",) if chosen.bobbin_only else ("bare", "bobbin"):
                known[client] = figures = await _run(client, Path(folder), chosen, run)
                say(_row(f"{run}, {client}", figures))
                if client == "bobbin":
                    short += _short(run, figures)
            if len(known) > 1:
                pairs = [(known["bobbin"].quantile(q), known["bare"].quantile(q)) for q in (50, 99)]
                told = ", ".join(f"{ours / theirs:.2f}" for ours, theirs in pairs if theirs)
                say(f"  Bobbin : bare, p50 and p99: {told}")
    fail_below_bar(short)


def _short(run: str, figures: Figures) -> list[str]:
    """Return what of a run is below the bar: each question answered once, within three seconds.

    Where all are asked in one moment the last waits for all before it: there only the count is held.
    """
    short = []
    if figures.lost or figures.doubled:
        short.append(f"{run}: {figures.lost} lost, {figures.doubled} doubled")
    if run == "one each" and figures.quantile(99) > _LATE:
        short.append(f"{run}: p99 {figures.quantile(99):.1f} s")
    return short


def _row(name: str, figures: Figures) -> str:
    longest = max(figures.seconds, default=0.0)
    times = (f"{seconds:.2f}" for seconds in (figures.quantile(50), figures.quantile(99), longest))
    rate = f"{figures.answered / figures.lasted:.0f}" if figures.lasted else ""
    own = (f"{figures.processor / max(figures.answered, 1) * 1000:.1f}", f"{figures.loop_delay * 1000:.0f}")
    counts = (figures.answered, figures.lost, figures.doubled)
    return _COLUMNS.format(name, *counts, *times, rate, *own, figures.resumed, figures.identified)


async def _run(client: str, folder: Path, chosen: argparse.Namespace, run: str) -> Figures:
    async with LoopbackDiscord(contract=False) as server:
        crowd = Crowd(server, chosen.way)
        crowd.gather(chosen.people, chosen.servers)
        log = (chosen.logs or folder) / f"{client}.log"
        log.unlink(missing_ok=True)
        arguments = ["-m", "tests.benchmarks.load", "--be", client]
        async with client_process(arguments, server, folder, log) as child:
            await server.ready(timeout=60)
            await server.waiting.until(lambda: server.commands or None, 60, "the commands")
            at_once = run == "all at once"
            cutting = asyncio.create_task(
                cut_now_and_then(server, chosen.cuts if "cut" in run else 0, every=0.3)
            )
            lasted = await crowd.go(chosen.questions, at_once=at_once)
            cutting.cancel()
            resumed = sum(session.resumes for session in server.gateway.sessions.values())
            child.send_signal(signal.SIGTERM)
            said, _ = await asyncio.wait_for(child.communicate(), 30)
        assert not server.problems, server.problems[:3]
        return crowd.figures(lasted, json.loads(said), resumed)


if __name__ == "__main__":
    main()
