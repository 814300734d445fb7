"""What Bobbin sends to Discord: every command, button, menu, form and message, as it goes over the wire."""

import asyncio
import re
import struct
import zipfile
from base64 import urlsafe_b64decode
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from retrieval.sqlite import sqlite3
from tests.discord import Channel, LoopbackDiscord, Person, Request, Role, SeenMessage, Timing, Upload, Use
from tests.discord.components import walk
from tests.discord.fixtures import point_at
from tests.discord.interactions import Kind
from tests.discord.own_clock import OwnClock
from tests.golden.normal import as_json
from tests.golden.samples import (
    ALTERED,
    CHECKED,
    OWN,
    PUBLIC,
    QUESTIONS,
    REFUSED,
    write,
    write_handbook,
    zipped,
)
from tests.golden.seams import NOON, Clock, build, client, custom_ids

__all__ = ["chat", "states"]

_LOCALES = {"en": "en-US", "de": "de", "uk": "uk"}
_NEWS = "".join(
    f'{{"bobbin":1,"author":"@crier","title":"News {number}","posts":[{{"text":"Item {number} of the crier: '
    f'the pump of house {number} runs again."}},{{"text":"Thank the plumber."}}]}}\n'
    for number in range(1, 13)
)
_MANY = {
    f"crane-{number:02}.txt": f"Crane {number} of the quay.\n/1\nIt lifts {number} tons.\n/END\n"
    for number in range(1, 15)
}
_TOKEN = re.compile(r"/[\w-]{40,}")
_SECONDS = 15.0
_FORGET: dict[str, Any] = {"forget-me": True}
_ANSWER, _ARRIVALS = "bob1a.", "bob1n."
_PICTURE = b"\x89PNG\r\n\x1a\n"

Act = Callable[[], Awaitable[Use | SeenMessage]]


def _file(upload: Upload) -> dict[str, object]:
    """Describe a file: of a picture its size, of a zip its text."""
    told: dict[str, object] = {"name": upload.name, "type": upload.content_type}
    if upload.data.startswith(_PICTURE):
        told["pixels"] = list(struct.unpack(">II", upload.data[16:24]))
    elif zipfile.is_zipfile(BytesIO(upload.data)):
        with zipfile.ZipFile(BytesIO(upload.data)) as packed:
            told["holds"] = {name: packed.read(name).decode().splitlines() for name in packed.namelist()}
    return told


@dataclass
class Stage:
    """A loopback Discord with a client on it, and the cases played so far by their names."""

    loopback: LoopbackDiscord
    names: dict[str, str] = field(default_factory=dict)
    cases: dict[str, str] = field(default_factory=dict)
    _idle: frozenset[asyncio.Task[Any]] = frozenset()

    def call(self, **subjects: Any) -> None:
        """Give ids their names in what is recorded."""
        self.names |= {str(subject.id): name for name, subject in subjects.items()}

    def settle_in(self) -> None:
        """Take the tasks that run now for those that always run."""
        self._idle = frozenset(asyncio.all_tasks())

    async def play(self, case: str, act: Act, *, steps: bool = True) -> Use | SeenMessage:
        """Let a person do something, wait until Bobbin is through with it, and record what it sent.

        Without ``steps`` only the first and the last request count: those between show progress, as many
        as there is time for.
        """
        before = len(self.loopback.requests)
        done = await act()
        if isinstance(done, Use):
            await done.acknowledged(_SECONDS)
        else:
            await self.loopback.waiting.until(lambda: len(self.loopback.requests) > before, _SECONDS, case)
        await self._quiet(case)
        # Whether "typing" still goes out before the answer, or at all, is a matter of half a second.
        sent = [one for one in self.loopback.requests[before:] if not one.path.endswith("/typing")]
        self.record(case, sent if steps else [sent[0], sent[-1]])
        return done

    def record(self, case: str, sent: Iterable[Request]) -> None:
        """Record requests as a case."""
        if f"{case}.json" in self.cases:
            raise ValueError(f"two cases are called {case!r}")
        self.cases[f"{case}.json"] = as_json([self._told(request) for request in sent], self.names)

    def _told(self, request: Request) -> dict[str, Any]:
        query = "&".join(f"{name}={value}" for name, value in sorted(request.query.items()))
        path = _TOKEN.sub("/{token}", request.path) + (f"?{query}" if query else "")
        told: dict[str, Any] = {"call": f"{request.method} {path}", "status": request.status}
        if request.json is not None:
            told["json"] = request.json
        if request.uploads:
            told["files"] = [_file(upload) for upload in request.uploads]
        return told

    async def _quiet(self, case: str) -> None:
        """Wait until every task has ended that the client began for what was done."""

        def begun() -> list[asyncio.Task[Any]]:
            mine = asyncio.current_task()
            tasks = [task for task in asyncio.all_tasks() - self._idle if task is not mine]
            # A connection's own task lasts as long as the connection.
            return [task for task in tasks if not task.get_coro().__qualname__.startswith("RequestHandler.")]  # type: ignore[union-attr]

        deadline = asyncio.get_running_loop().time() + _SECONDS
        while left := begun():
            if asyncio.get_running_loop().time() > deadline:
                raise TimeoutError(f"{case}: still at work are {left}")
            await asyncio.wait(left, timeout=0.5)
            await asyncio.sleep(0)


@dataclass
class Scene:
    """A server in one language: its channels, its admin, a reader and another one."""

    stage: Stage
    language: str
    hall: Channel
    elsewhere: Channel
    outside: Channel
    admin: Person
    alice: Person
    bob: Person
    readers: Role
    clock: Clock

    # One step of the play

    async def uses(
        self, case: str, command: str, /, *, by: Person | None = None, steps: bool = True, **options: Any
    ) -> Use:
        """Use a slash command in the server's channel."""
        person = by or self.alice
        done = await self._play(
            case, lambda: person.uses(self.hall, command, even_if_hidden=True, **options), steps=steps
        )
        assert isinstance(done, Use)
        return done

    async def completes(
        self, case: str, command: str, /, *, by: Person | None = None, **options: Any
    ) -> None:
        """Record the choices for what is typed."""
        choices = await (by or self.alice).completes(self.hall, command, timeout=_SECONDS, **options)
        self.stage.cases[f"{self.language}/{case}.json"] = as_json(choices, self.stage.names)

    async def presses(
        self,
        case: str,
        message: SeenMessage,
        custom_id: str,
        *,
        by: Person | None = None,
        steps: bool = True,
    ) -> Use:
        """Press a button."""
        done = await self._play(case, lambda: (by or self.alice).presses(message, custom_id), steps=steps)
        assert isinstance(done, Use)
        return done

    async def chooses(self, case: str, message: SeenMessage, menu: str, values: list[Any]) -> Use:
        """Choose from a menu, as the admin."""
        done = await self._play(case, lambda: self.admin.chooses(message, menu, values))
        assert isinstance(done, Use)
        return done

    async def submits(self, case: str, use: Use, values: Mapping[str, str | list[str]]) -> None:
        """Fill in the form that a use opened."""
        await self._play(case, lambda: person_of(use).submits(use, values))

    async def says(self, case: str, text: str, **more: Any) -> SeenMessage:
        """Write in the channel; return Bobbin's reply, or the message itself where there is none."""
        written = await self._play(case, lambda: self.alice.says(self.hall, text, **more))
        assert isinstance(written, SeenMessage)
        replies = [one for one in self.stage.loopback.messages(self.hall) if one.id > written.id]
        return replies[-1] if replies else written

    async def every_button(
        self, case: str, make: Callable[[], Awaitable[SeenMessage]], *, kind: str = "bob1"
    ) -> None:
        """Press each button of a message, each on a message made anew; fill in the form that one opens.

        ``kind`` is how the custom_ids of those begin that are pressed.
        """
        first = await make()
        for place, button in enumerate(first.buttons, start=1):
            if button.custom_id is None or button.disabled or not button.custom_id.startswith(kind):
                continue
            message = first if place == 1 else await make()
            custom_id = message.buttons[place - 1].custom_id or ""
            use = await self.presses(f"{case}/button-{place:02}", message, custom_id)
            if use.modal is not None:
                await self.submits(f"{case}/button-{place:02}-form", use, {"words": "It was about boats."})

    async def _play(self, case: str, act: Act, *, steps: bool = True) -> Use | SeenMessage:
        return await self.stage.play(f"{self.language}/{case}", act, steps=steps)

    def made(self, command: str, /, **options: Any) -> Callable[[], Awaitable[SeenMessage]]:
        """Return what uses a command once more, unrecorded, and gives its answer."""

        async def make() -> SeenMessage:
            return await (await self.alice.uses(self.hall, command, **options)).reply(_SECONDS)

        return make

    async def _second_page(self) -> SeenMessage:
        """Return an answer whose second page is shown."""
        answer = await self.made("ask", question=QUESTIONS[self.language])()
        await (await self.alice.presses(answer, first_of(answer, _ANSWER))).acknowledged(_SECONDS)
        return await self.stage.loopback.edited(answer, _SECONDS)

    # The play

    async def reads(self) -> None:
        """Ask, look up, list, chart: what everybody may."""
        question = QUESTIONS[self.language]
        await self.uses("ask/answer", "ask", question=question)
        await self.uses("ask/private", "ask", question=question, private=True)
        await self.uses("ask/misspelt", "ask", question="Who cut the lens of a lighhouse?")
        await self.uses("ask/closest", "ask", question="Who painted the lens of the lighthouse?")
        await self.uses("ask/suggested", "ask", question="harmonika quicksylver ferrymen")
        await self.uses("ask/nothing", "ask", question="carburettor torque")
        await self.uses(
            "ask/hostile",
            "ask",
            question="harmonica @everyone <@1> **bending** freight [a](https://b.example)",
        )
        await self.every_button("ask/answer", self.made("ask", question=question))
        await self.every_button(
            "ask/private", self.made("ask", question=question, private=True), kind=_ANSWER
        )
        await self.every_button("ask/second", self._second_page, kind=_ANSWER)
        answer = await self.made("ask", question=question)()
        await self.presses("ask/turned-by-another", answer, first_of(answer, _ANSWER), by=self.bob)
        await self._play("ask/elsewhere", lambda: self.alice.uses(self.outside, "ask", question=question))
        (chosen, *_) = await self.alice.completes(self.hall, "thread", thread="Oder")
        (long, *_) = await self.alice.completes(self.hall, "thread", thread="caravan")
        await self.uses("thread/whole", "thread", thread=chosen["value"])
        await self.uses("thread/post", "thread", thread=chosen["value"], post=6, private=True)
        await self.uses("thread/no-such-post", "thread", thread=chosen["value"], post=60)
        await self.uses("thread/typed", "thread", thread="harbour")
        await self.uses("thread/long", "thread", thread=long["value"])
        await self.every_button("thread/long", self.made("thread", thread=long["value"], post=9))
        await self.uses("thread/none", "thread", thread="zzzzzzzzzzzz")
        await self.every_button("thread/whole", self.made("thread", thread=chosen["value"]))
        await self.every_button("thread/typed", self.made("thread", thread="harbour"))
        await self.uses("threads/newest", "threads")
        await self.uses("threads/author", "threads", author="@harbour_keeper", private=True)
        await self.uses("threads/collection", "threads", collection="main")
        await self.uses("threads/nobody", "threads", author="@nobody")
        await self.every_button("threads/newest", self.made("threads"), kind="bob1l.")
        await self.uses("trend/chart", "trend", words="gulls")
        for case, quote in CHECKED.items():
            await self.uses(f"verify/{case}", "verify", quote=quote, private=True)
        await self.uses("when/found", "when", words="the gulls")
        await self.uses("when/both", "when", words="gulls", author="@harbour_keeper")
        await self.uses("when/nothing", "when", words="carburettor")
        await self.uses("verify/author", "verify", quote=ALTERED, author="@nobody")
        await self.uses("trend/nothing", "trend", words="carburettor", private=True)
        await self.uses("help/itself", "help")
        await self.uses("help/question", "help", question="How do I ask?")
        await self.uses("help/nothing", "help", question="carburettor torque")
        kept = await (await self.uses("privacy/kept", "privacy")).reply()
        await self.presses("privacy/details", kept, "bob1k.details")
        await self.completes("completion/thread-empty", "thread", thread="")
        await self.completes("completion/thread", "thread", thread="lam")
        await self.completes("completion/author", "threads", author="h")
        await self.completes("completion/collection", "threads", collection="")

    async def writes(self) -> None:
        """Mention, reply, write in private, point at a message."""
        me, question = self.stage.loopback.bot_user, QUESTIONS[self.language]
        answer = await self.says("message/mention", f"{me.mention} {question}")
        await self.says("message/reply", "and by noon?", replying_to=answer)
        await self.says("message/empty-mention", me.mention)
        await self.says("message/nothing", f"{me.mention} carburettor torque")
        await self._play("message/direct", lambda: self.alice.dm(question))
        asked = await self.alice.says(self.hall, question)
        await self._play("menu/ask", lambda: self.alice.points_at(asked, "Ask the threads"))
        quoting = await self.alice.says(self.hall, f"> {ALTERED}\n— @harbour_keeper")
        await self._play("menu/quotes", lambda: self.alice.points_at(quoting, "Check the quotes"))
        empty = await self.alice.says(self.hall, "👍")
        await self._play(
            "menu/save", lambda: self.alice.points_at(empty, "Save to the archive", even_if_hidden=True)
        )
        await self._play("menu/no-quotes", lambda: self.alice.points_at(empty, "Check the quotes"))
        await self._play("menu/empty", lambda: self.alice.points_at(empty, "Ask the threads"))
        where = self.alice.dm_channel
        await self._play("direct/ask", lambda: self.alice.uses(where, "ask", question=question))
        await self._play("direct/thread", lambda: self.alice.uses(where, "thread", thread="harbour"))

    async def manages(self) -> None:
        """Bring files in and out, as the admin; and try it as one who may not."""
        for command in ("list", "export", "stats", "unanswered"):
            await self.uses(f"archive/{command}-refused", f"archive {command}")
        await self.uses("archive/add-refused", "archive add", file=Upload("a.txt", b"a"))
        await self.uses("archive/remove-refused", "archive remove", file="0")
        await self.uses("archive/list-empty", "archive list", by=self.admin)
        await self.uses("archive/export-empty", "archive export", by=self.admin)
        await self._adds("cranes", Upload("cranes.txt", OWN["cranes.txt"].encode(), "text/plain"))
        await self._adds("again", Upload("cranes.txt", OWN["cranes.txt"].encode(), "text/plain"))
        await self._adds("photo", Upload("photo.jpg", REFUSED["photo.jpg"], "image/jpeg"))
        use = await self._adds("prose", Upload("prose.txt", REFUSED["prose.txt"], "text/plain"))
        refused = (await use.final()).original
        assert refused is not None
        button = first_of(refused, "bob1x")
        await self.presses("archive/add-plain-text", refused, button, by=self.admin, steps=False)
        await self._adds("zip", Upload("many.zip", zipped(_MANY), "application/zip"))
        listed = await (await self.uses("archive/list", "archive list", by=self.admin)).reply(_SECONDS)
        await self.presses("archive/list-next", listed, first_of(listed, "bob1u.page"), by=self.admin)
        await self.uses("archive/stats", "archive stats", by=self.admin)
        await self.uses("archive/following-none", "archive following", by=self.admin)
        await self.uses("archive/follow-refused", "archive follow", by=self.admin, author="https://x.com/ada")
        await self.uses("archive/unfollow-unknown", "archive unfollow", by=self.admin, author="@ada.example")
        await self.uses("archive/unanswered-off", "archive unanswered", by=self.admin)
        await self.uses("archive/export", "archive export", by=self.admin, collection="main")
        await self.completes("completion/archive-file", "archive remove", by=self.admin, file="")
        await self.completes("completion/archive-collection", "archive export", by=self.admin, collection="")
        await self.uses("ask/own", "ask", question="zirconium crane")
        await self.uses("archive/remove-none", "archive remove", by=self.admin, file="attic.txt")
        for case in ("keep", "remove"):
            use = await self.uses(f"archive/{case}-asked", "archive remove", by=self.admin, file="cranes.txt")
            asked = await use.reply(_SECONDS)
            await self.presses(f"archive/{case}", asked, first_of(asked, f"bob1u.{case}"), by=self.admin)
        use = await self.uses("archive/remove-all-asked", "archive remove", by=self.admin, file="0")
        asked = await use.reply(_SECONDS)
        await self.presses("archive/remove-all", asked, first_of(asked, "bob1u.remove"), by=self.admin)

    async def _adds(self, case: str, upload: Upload) -> Use:
        return await self.uses(f"archive/add-{case}", "archive add", by=self.admin, file=upload, steps=False)

    async def watches(self) -> None:
        """Make alerts, look at them, and remove them, as a person and as the admin."""
        quiet: dict[str, Any] = {"quiet": "22-7", "timezone": "Europe/Berlin"}
        await self.uses("alert/list-none", "alert list")
        await self.uses("alert/add", "alert add", query="author:ada **ferry**", **quiet)
        await self.uses("alert/add-changed", "alert add", query="author:ada **ferry**")
        await self.uses("alert/add-no-words", "alert add", query="the")
        await self.uses("alert/add-no-hours", "alert add", query="ferry", quiet="at **night**")
        await self.uses("alert/add-channel-refused", "alert add", query="ferry", channel=self.hall)
        await self.uses("alert/add-channel", "alert add", by=self.admin, query="ferry", channel=self.hall)
        await self.uses("alert/list", "alert list", by=self.admin)
        await self.completes("completion/alert", "alert remove", alert="")
        await self.uses("alert/remove-unknown", "alert remove", alert="`attic`")
        await self.uses("alert/remove", "alert remove", alert="1")
        await self.uses("alert/remove-all", "alert remove", by=self.admin, alert="all")

    async def subscribes(self) -> None:
        """Set the digest up, look at it, have it posted, and end it, as the admin."""
        times: dict[str, Any] = {"channel": self.hall, "at": "14:30", "timezone": "Europe/Kyiv"}
        await self.uses("digest/refused", "digest status")
        await self.uses("digest/status-none", "digest status", by=self.admin)
        await self.uses("digest/setup-zone", "digest setup", by=self.admin, **times | {"timezone": "Kiew"})
        await self.uses("digest/setup-no-zone", "digest setup", by=self.admin, **times | {"timezone": "qqqq"})
        await self.uses(
            "digest/setup-time", "digest setup", by=self.admin, **times | {"at": "25 **o'clock**"}
        )
        self.elsewhere.deny_bot()
        denied = times | {"channel": self.elsewhere}
        await self.uses("digest/setup-denied", "digest setup", by=self.admin, **denied)
        await self.uses("digest/setup", "digest setup", by=self.admin, **times)
        more: dict[str, Any] = {"content": "everything", "mention": self.readers}
        await self.uses("digest/setup-changed", "digest setup", by=self.admin, **times | more)
        await self.completes("completion/zone", "digest setup", by=self.admin, **times | {"timezone": "kyi"})
        await self._adds("news", Upload("news.jsonl", _NEWS.encode(), "application/json"))
        await self.uses("digest/preview", "digest preview", by=self.admin)
        await self.uses("digest/status", "digest status", by=self.admin)
        await self.uses("digest/now", "digest now", by=self.admin)
        public = [one for one in self.stage.loopback.messages(self.hall) if one.seen_only_by is None]
        posted = public[-1]
        use = await self.presses("digest/arrivals", posted, first_of(posted, _ARRIVALS))
        listed = await use.reply(_SECONDS)
        await self.presses("digest/arrivals-next", listed, first_of(listed, _ARRIVALS))
        await self.uses("digest/now-again", "digest now", by=self.admin)
        await self.uses("digest/status-posted", "digest status", by=self.admin)
        await self.uses("digest/resume-running", "digest resume", by=self.admin)
        await self.uses("digest/pause", "digest pause", by=self.admin)
        await self.uses("digest/status-paused", "digest status", by=self.admin)
        await self.uses("digest/now-paused", "digest now", by=self.admin)
        self.clock.now += timedelta(days=1)
        await self.uses("digest/resume", "digest resume", by=self.admin)
        await self.uses("digest/now-news", "digest now", by=self.admin)
        weekly: dict[str, Any] = {"digest": "Fridays *only*", "days": "weekday-4", "size": 3, "recency": 2}
        await self.uses("digest/setup-second", "digest setup", by=self.admin, **times | weekly)
        await self.uses("digest/which", "digest preview", by=self.admin)
        weight: dict[str, Any] = {"digest": weekly["digest"], "source": "main", "often": "seldom"}
        await self.uses("digest/weigh", "digest weigh", by=self.admin, **weight)
        unknown = weight | {"source": "@nobody"}
        await self.uses("digest/weigh-unknown", "digest weigh", by=self.admin, **unknown)
        await self.uses("digest/status-both", "digest status", by=self.admin)
        named = {"digest": weekly["digest"]}
        await self.uses("digest/preview-second", "digest preview", by=self.admin, **named)
        await self.uses("digest/off-second", "digest off", by=self.admin, **named)
        await self.uses("digest/off", "digest off", by=self.admin)
        self.clock.now = NOON

    async def decides(self) -> None:
        """Change every setting, and meet what it refuses."""
        me, question = self.stage.loopback.bot_user, QUESTIONS[self.language]
        card = await (await self.uses("setup/card", "setup", by=self.admin)).reply()
        for step in ("threads", "places", "digest"):
            form = await self.presses(f"setup/{step}", card, f"bob1w.{step}", by=self.admin)
        values: dict[str, str | list[str]] = {
            "channel": [str(self.hall.id)],
            "at": "25:00",
            "timezone": "Berlin",
        }
        await self.submits("setup/form-wrong", form, values)
        await self.uses("settings/refused", "settings")
        panel = await (await self.uses("settings/panel", "settings", by=self.admin)).reply()
        form = await self._part("quotas", panel)
        await self.submits("settings/quotas-wrong", form, {"person": "many"})
        form = await self._part("quotas-again", panel)
        await self.submits("settings/quotas-set", form, {"person": "1", "server": "100"})
        await self.chooses("settings/exempt", panel, "bob1s.exempt", [self.readers])
        await self.uses("refused/first", "ask", by=self.bob, question=question)
        await self.uses("refused/quota", "ask", by=self.bob, question=question)
        form = await self._part("quotas-off", panel)
        await self.submits("settings/quotas-unset", form, {"person": "", "server": ""})
        form = await self.chooses("settings/language-other", panel, "bob1s.language", ["other"])
        await self.submits("settings/language-unknown", form, {"language": "Klingon **x**"})
        await self.chooses("settings/language", panel, "bob1s.language", [self.language])
        await self.chooses("settings/quotes", panel, "bob1s.quotes", ["4"])
        for setting, value in (("mentions", "off"), ("private", "on"), ("react", "on"), ("unanswered", "on")):
            await self.presses(f"settings/{setting}", panel, f"bob1s.{setting}.{value}", by=self.admin)
        await self._play("refused/mention", lambda: self.bob.says(self.hall, f"{me.mention} {question}"))
        await self.uses("ask/nothing-kept", "ask", question="carburettor *torque*")
        await self.uses("archive/unanswered", "archive unanswered", by=self.admin)
        await self.chooses("settings/roles", panel, "bob1s.roles", [self.readers])
        await self.uses("refused/role", "ask", by=self.bob, question=question)
        await self.chooses("settings/channels", panel, "bob1s.channels", [self.hall])
        await self.chooses("settings/roles-none", panel, "bob1s.roles", [])
        await self._play("refused/channel", lambda: self.bob.uses(self.elsewhere, "threads"))
        await self.uses("privacy/forgotten", "privacy", **_FORGET)

    async def _part(self, case: str, panel: SeenMessage) -> Use:
        return await self.presses(f"settings/{case}", panel, "bob1s.quotas", by=self.admin)

    async def breaks(self) -> None:
        """Press a button of another version, and one whose thread is gone."""
        for case, custom_id in (
            ("outdated", "bob0x.AAAA"),
            ("damaged", "bob1p.AAAAAAAAAAAAAAAAAAAAAAA"),
            ("gone", dict(custom_ids())["thread opens=True, most"]),
        ):
            message = await self.made("thread", thread="harbour")()
            stored = self.stage.loopback.world.message(message.id)
            assert stored is not None
            button = next(part for part in walk(stored.components) if part.get("custom_id"))
            button["custom_id"] = custom_id
            await self.presses(f"error/{case}", message, custom_id)

    async def fails(self) -> None:
        """Ask when the database has lost its tables."""
        await self.uses("error/command", "threads", author="@harbour_keeper")
        await self._play("error/message", lambda: self.alice.dm("Who counted the gulls?"))


def first_of(message: SeenMessage, kind: str) -> str:
    """Return the first custom_id in a message that begins so and can be pressed."""
    pressable = (one.custom_id for one in message.buttons if one.custom_id and not one.disabled)
    return next(custom_id for custom_id in pressable if custom_id.startswith(kind))


def person_of(use: Use) -> Person:
    """Return who used it."""
    assert isinstance(use.user, Person)
    return use.user


async def chat(folder: Path) -> Mapping[str, str]:
    """Return what is sent in each case, and every custom_id among it."""
    data, handbook = folder / "data", write_handbook(folder / "handbook")
    build(data, handbook, write(folder / "saved", PUBLIC))
    clock = Clock()
    async with LoopbackDiscord(
        contract=False, clock=NOON.timestamp, timing=Timing(clock=OwnClock())
    ) as loopback:
        stage = Stage(loopback)
        stage.names = {str(loopback.application_id): "application", str(loopback.bot_user.id): "bot"}
        scenes = [_scene(stage, language, clock) for language in _LOCALES]
        with point_at(loopback):
            async with client(data, handbook, loopback, clock):
                stage.record("commands", loopback.called("PUT", r"/commands$"))
                stage.settle_in()
                for scene in scenes:
                    for act in (
                        scene.reads,
                        scene.writes,
                        scene.manages,
                        scene.subscribes,
                        scene.watches,
                        scene.breaks,
                    ):
                        await act()
                    await scene.decides()
                with sqlite3.connect(data / "archive.db") as database:
                    database.execute("pragma foreign_keys = off")
                    database.execute("drop table posts")
                for scene in scenes:
                    await scene.fails()
        assert loopback.problems == [], "\n".join(loopback.problems)
        left_out = _never_used(loopback, "".join(stage.cases.values()))
        if left_out:
            raise ValueError(f"no case uses {', '.join(sorted(left_out))}; give each a step in {__name__}")
    sent = "".join(stage.cases.values())
    stage.cases["custom_ids.txt"] = "".join(map(_opened, sorted(set(_CUSTOM_ID.findall(sent)))))
    return stage.cases


def _scene(stage: Stage, language: str, clock: Clock) -> Scene:
    loopback, locale = stage.loopback, _LOCALES[language]
    guild = loopback.add_guild("Reading *room*", locale=locale)
    hall = guild.add_channel("hall")
    elsewhere = guild.add_channel("elsewhere")
    people = [loopback.add_user(f"{name}_{language}", locale=locale) for name in ("ada", "alice", "bob")]
    admin, alice, bob = people
    guild.add_member(admin, administrator=True)
    guild.add_member(alice)
    guild.add_member(bob)
    readers = guild.add_role("Readers", alice)
    loopback.let_ping(readers)
    stage.call(
        guild=guild, hall=hall, elsewhere=elsewhere, admin=admin, alice=alice, bob=bob, readers=readers
    )
    outside_guild = loopback.add_guild("Without Bobbin", with_bot=False, locale=locale)
    outside_guild.add_member(alice)
    outside = outside_guild.add_channel("square")
    stage.call(outside_guild=outside_guild, outside=outside)
    stage.call(direct=alice.dm_channel)
    return Scene(stage, language, hall, elsewhere, outside, admin, alice, bob, readers, clock)


def _never_used(loopback: LoopbackDiscord, sent: str) -> set[str]:
    """Return the commands that are registered and the kinds of controls that were shown, but never used."""
    offered = {path for command in loopback.commands for path in _paths(command)}
    offered |= {_kind(custom_id) for custom_id in _CUSTOM_ID.findall(sent)}
    used = set()
    for interaction in loopback._interactions.by_token.values():
        if interaction.kind in {Kind.COMMAND, Kind.AUTOCOMPLETE}:
            used |= set(_paths(interaction.data))
        else:
            used.add(_kind(interaction.data["custom_id"]))
    return offered - used


def _paths(command: Mapping[str, Any]) -> list[str]:
    """Return a command with each of its sub-commands."""
    below = [option for option in command.get("options") or [] if option["type"] in _SUBCOMMANDS]
    return [f"{command['name']} {path}" for option in below for path in _paths(option)] or [command["name"]]


def _kind(custom_id: str) -> str:
    """Return what a control is: of the settings which, of the buttons below a list of files what it does."""
    kind, _, rest = custom_id.partition(".")
    return f"{kind}.{rest.partition('.')[0]}" if kind in _PLAIN else kind


_SUBCOMMANDS = frozenset({1, 2})
#: Kinds whose custom_ids are words.
_PLAIN = frozenset({"bob1s", "bob1u", "bob1w"})
_CUSTOM_ID = re.compile(r'"custom_id": "(bob1[^"]+)"')


def _opened(custom_id: str) -> str:
    """Return a line with a custom_id, its length, and the bytes in it."""
    kind, _, packed = custom_id.partition(".")
    inside = "" if kind in _PLAIN else urlsafe_b64decode(packed + "=" * (-len(packed) % 4)).hex()
    return f"{custom_id}  {len(custom_id)}  {inside}".rstrip() + "\n"


async def states(_folder: Path) -> Mapping[str, str]:
    """Return the custom_id of each kind of state at its least and its most, and the bytes in it."""
    lines = (f"{what}: {_opened(custom_id)}" for what, custom_id in custom_ids())
    return {"custom_ids.txt": "".join(lines)}
