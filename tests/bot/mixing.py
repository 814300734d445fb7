"""Five servers and everything that people and admins do in them, at random, through every front door.

Each server's threads hold a secret word that nobody outside it ever types: whoever is shown it anywhere
else has found a leak. What each server counts must be what it was given.
"""

import copy
import io
import random
import re
import zipfile
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from bot.client import Bobbin
from bot.commands.archive import file_mark
from bot.views.custom_id import AnswerState, ArrivalsState, ListState, ThreadState
from tests.bot.archives import keep
from tests.discord import Channel, LoopbackDiscord, Person, SeenMessage, Upload, Use
from tests.discord.components import walk
from tests.discord.seen import seen

__all__ = ["Mixing", "Town"]

_WORDS = ("ferry", "crane", "quay", "lantern", "rope", "poplar", "driftwood", "harbour", "current")
_MISSPELT = ("lanterm", "drifwood", "harbuor", "shown", "secert")
_MANAGE_SERVER = 1 << 5
_PRESSED = ("More", "Back", "Read thread", "Full thread", "Share", "Open", "Next", "👍")


def _called(part: dict[str, Any]) -> str | None:
    """Return what a person calls a button: "More" is "More (2/3)", too."""
    label = str(part.get("label") or "").partition(" (")[0]
    return label or (part.get("emoji") or {}).get("name")


@dataclass
class Town:
    """A server: its channel, its admin, somebody who is in no other, its secrets, and what it was given."""

    channel: Channel
    admin: Person
    member: Person
    secret: str
    typed: str
    files: list[str] = field(default_factory=list)
    seen: list[SeenMessage] = field(default_factory=list)

    @property
    def id(self) -> int:
        """Give the server's id."""
        assert self.channel.guild is not None
        return self.channel.guild.id


class Mixing:
    """Random operations on a running client; :meth:`run` returns how often each was done."""

    def __init__(self, client: Bobbin, loopback: LoopbackDiscord, seed: int = 1) -> None:
        self.client = client
        self.loopback = loopback
        self.random = random.Random(seed)  # noqa: S311 - chance, not secrecy
        self.towns = [self._town(number) for number in range(5)]
        self.stranger = loopback.add_user("stranger")
        self.wanderer = loopback.add_user("wanderer")
        for town in self.towns:
            assert town.channel.guild is not None
            town.channel.guild.add_member(self.wanderer)
        self.outside: list[SeenMessage] = []
        self.threads: list[str] = []
        self.leaks: list[str] = []
        self.shown = 0
        self.pressed: Counter[str] = Counter()
        self._made = 0
        self._digests: set[int] = set()

    def _town(self, number: int) -> Town:
        guild = self.loopback.add_guild(f"Server {number}")
        admin, member = (self.loopback.add_user(f"{who}{number}") for who in ("admin", "member"))
        guild.add_member(admin, _MANAGE_SERVER)
        guild.add_member(member)
        letters = "abcde"[number]
        return Town(guild.add_channel("hall"), admin, member, f"hush{letters * 5}", f"shown{letters * 4}")

    async def run(self, operations: int) -> Counter[str]:
        """Do so many operations, and look at everything that is shown."""
        doing: list[tuple[Callable[[], Awaitable[None]], int]] = [
            (self.upload, 4),
            (self.remove, 2),
            (self.ask, 10),
            (self.mention, 6),
            (self.write_directly, 8),
            (self.complete, 10),
            (self.open, 8),
            (self.press, 12),
            (self.browse, 6),
            (self.count, 6),
            (self.export, 3),
            (self.decide, 3),
            (self.arrive, 3),
        ]
        done: Counter[str] = Counter()
        chosen = self.random.choices([one for one, _ in doing], [often for _, often in doing], k=operations)
        for operation in chosen:
            await operation()
            done[operation.__name__] += 1
        return done

    # What is looked at

    def look(self, place: Town | None, message: SeenMessage) -> SeenMessage:
        """Hold that a message shows no secret of another place, and keep it to be pressed elsewhere."""
        self.hold(place, message.text + str(message.components), "message")
        if any(message.offers(name) for name in _PRESSED):
            kept = place.seen if place else self.outside
            kept.append(message)
            del kept[:-8]
        return message

    def hold(self, place: Town | None, shown: str, what: str) -> None:
        """Note a leak where something shows what belongs elsewhere."""
        self.shown += 1
        for town in self.towns:
            if town is not place and town.secret in shown.lower():
                self.leaks.append(f"{what} in {place.channel.guild if place else 'private'}: {town.secret}")

    def equal(self, place: Town | None, what: str, told: object, expected: object) -> None:
        """Note a leak where something is counted that belongs elsewhere."""
        if told != expected:
            self.leaks.append(f"{what} of {place and place.secret}: {told}, not {expected}")

    # What is done

    def _question(self) -> str:
        """Words of every server's threads but the secrets, as people of any server may type them."""
        if self.random.random() < 0.5:
            return " ".join(self.random.choices(_WORDS, k=self.random.randint(1, 2)))
        known = [*_WORDS, *_MISSPELT, *(town.typed for town in self.towns)]
        known += [town.typed[:-1] for town in self.towns]
        return " ".join(self.random.choices(known, k=self.random.randint(1, 4)))

    def _place(self) -> tuple[Town | None, Channel, Person]:
        town = self.random.choice([None, *self.towns])
        if town is None:
            person = self.random.choice([self.stranger, self.wanderer, self.towns[0].admin])
            return None, person.dm_channel, person
        return town, town.channel, self.random.choice([town.member, self.wanderer, town.admin])

    async def upload(self) -> None:
        """Take a file in, by command now and then, else as the command does."""
        town = self.random.choice(self.towns)
        self._made += 1
        posts = [
            " ".join([*self.random.choices(_WORDS, k=6), town.typed, town.secret, f"n{self._made}x{place}"])
            for place in range(self.random.randint(2, 4))
        ]
        name = f"{town.secret} {self._made}"
        body = "".join(f"{post}.\n/{number}\n" for number, post in enumerate(posts, start=1))
        content = (
            f"---\ntitle: {name}\nauthor: {town.secret}\n---\n{body}And so it ends {self._made}.\n/END\n"
        )
        if self.random.random() < 0.1:
            use = await town.admin.uses(
                town.channel, "archive add", file=Upload(f"{name}.txt", content.encode()), collection="own"
            )
            message = self.look(town, await use.reply())
            while "can be asked in this server" not in message.text:
                message = self.look(town, await self.loopback.edited(message))
        else:
            keep(self.client.archive, name, content, town.id)
        town.files.append(f"{name}.txt")
        own = self.client.archive.catalog.own_scope(town.id)
        self.threads = [*self.threads, self.client.archive.catalog.threads(own, limit=1)[0].id][-50:]

    async def remove(self) -> None:
        """Take one of the oldest files back, by its name or by another server's number."""
        town, other = self.random.sample(self.towns, 2)
        theirs = self.client.archive.catalog.uploads(other.id)
        if theirs:
            use = await town.admin.uses(town.channel, "archive remove", file=str(file_mark(theirs[0])))
            self.look(town, await use.reply())
        if len(town.files) > 3:
            question = self.look(
                town,
                await (await town.admin.uses(town.channel, "archive remove", file=town.files.pop(0))).reply(),
            )
            await town.admin.presses(question, "Remove")
            self.look(town, await self.loopback.edited(question))
        left = len(self.client.archive.catalog.uploads(other.id))
        self.equal(other, "files", left, len(other.files))

    async def ask(self) -> None:
        place, channel, person = self._place()
        options = {"private": True} if self.random.random() < 0.3 else {}
        use = await person.uses(channel, "ask", question=self._question(), **options)
        self.look(place, await use.reply())

    async def mention(self) -> None:
        """Ask by mention, as often as not in reply to an answer of that place."""
        town = self.random.choice(self.towns)
        public = [one for one in town.seen if not one.ephemeral and one.channel is town.channel]
        before = self.random.choice([None, *public])
        if before is not None and self.loopback.world.message(before.id) is None:
            before = None
        latest = next(reversed(town.channel.messages), 0)
        question = f"{self.loopback.bot_user.mention} {self._question()}"
        asked = await self.wanderer.says(town.channel, question, replying_to=before)
        assert asked.id > latest
        self.look(town, await self.loopback.next_message(in_=town.channel, after=asked))

    async def write_directly(self) -> None:
        person = self.random.choice([self.stranger, self.wanderer, self.towns[2].admin])
        asked = await person.dm(self._question())
        self.look(None, await self.loopback.next_message(in_=person.dm_channel, after=asked))

    async def complete(self) -> None:
        place, channel, person = self._place()
        typed = self.random.choice(["", "h", "hush", *_WORDS, *(town.typed[:7] for town in self.towns)])
        if place is not None and self.random.random() < 0.3:
            command = self.random.choice(["remove file", "export collection", "add collection"]).split()
            options: dict[str, Any] = {command[1]: typed}
            choices = await place.admin.completes(channel, f"archive {command[0]}", **options)
        elif self.random.random() < 0.4:
            option: dict[str, Any] = {self.random.choice(["author", "collection"]): typed}
            choices = await person.completes(channel, "threads", **option)
        else:
            choices = await person.completes(channel, "thread", thread=typed)
            if not typed:
                own = 0 if place is None else len(place.files)
                held = self.client.archive.catalog.statistics(
                    self.client.archive.catalog.public_scope()
                ).threads
                self.equal(place, "completed", len(choices), min(25, own + held))
        self.hold(place, str(choices), "completion")

    async def open(self) -> None:
        """Open a thread by the id that it has, wherever it belongs."""
        place, channel, person = self._place()
        if self.threads:
            use = await person.uses(channel, "thread", thread=self.random.choice(self.threads))
            self.look(place, await use.reply())

    async def press(self) -> None:
        """Press a button that was carried here from another place."""
        place, channel, person = self._place()
        carried = self.random.choice([self.outside, *(town.seen for town in self.towns)])
        here = [
            one
            for one in (place.seen if place else self.outside)
            if one.channel is channel and one.seen_only_by in {None, person}
        ]
        message = self.random.choice(here) if here else None
        found = self.loopback.world.message(message.id) if message else None
        if not carried or message is None or found is None:
            return
        components = self._adopted(copy.deepcopy(self.random.choice(carried).components), person)
        before, found.components = found.components, components
        buttons = self.loopback.now(message).buttons
        self.random.shuffle(buttons)
        for button in buttons:
            called = any(button.is_called(name) for name in _PRESSED)
            if called and not button.disabled and button.custom_id:
                use = await person.presses(message, button.custom_id)
                self.pressed[button.label or str(button.emoji)] += 1
                await use.acknowledged()
                self.look(place, await self._answered(use, message))
                break
        now = self.loopback.world.message(message.id)
        if now is not None and now.components is components:
            now.components = before

    def _adopted(self, components: list[dict[str, Any]], person: Person) -> list[dict[str, Any]]:
        """Return the buttons of a message, made out to this person: whoever forges states can do that.

        Without its text: Share writes a message's own text back, and here that would be planted.
        """
        carried = [part for part in walk(components) if _called(part) in _PRESSED]
        self.random.shuffle(carried)
        carried = carried[:5]
        for part in carried:
            custom_id = str(part.get("custom_id", ""))
            for kind in (AnswerState, ThreadState, ListState):
                if kind.TEMPLATE.fullmatch(custom_id):
                    state = kind.decode(custom_id)
                    mine = (
                        replace(state, asker=person.id)
                        if isinstance(state, AnswerState)
                        else replace(state, reader=person.id)
                    )
                    part["custom_id"] = mine.encode()
        return [{"type": 1, "id": 999, "components": carried}] if carried else []

    async def _answered(self, use: Use, message: SeenMessage) -> SeenMessage:
        """Return what a press shows: a reply, a follow-up, or the message itself, changed."""

        def look() -> SeenMessage | None:
            if use.followups:
                return use.followups[-1]
            original = use.interaction.original
            if original is not None and use.interaction.answered_at is not None and not original.is_loading:
                return self.loopback.now(message) if original.id == message.id else seen(original)
            return None

        return await self.loopback.waiting.until(look, 60, "an answer to a press")

    async def browse(self) -> None:
        """List what there is, for everybody and for admins."""
        place, channel, person = self._place()
        options: dict[str, Any] = {"random": True} if self.random.random() < 0.3 else {}
        if place is not None and self.random.random() < 0.4:
            # The number of another server's collection, which no completion would offer here.
            number = next(
                iter(self.client.archive.catalog.own_scope(self.random.choice(self.towns).id).collections), 0
            )
            options = {"collection": str(number)}
        listed = self.look(place, await (await person.uses(channel, "threads", **options)).reply())
        if not options:
            own = 0 if place is None else len(place.files)
            held = self.client.archive.catalog.statistics(self.client.archive.catalog.public_scope()).threads
            opened = sum(button.label == "Open" for button in listed.buttons)
            self.equal(place, "listed", min(opened, own + held), opened)
        town = self.random.choice(self.towns)
        files = self.look(town, await (await town.admin.uses(town.channel, "archive list")).reply())
        if len(town.files) > 10:
            await town.admin.presses(files, "Next")
            self.look(town, await self.loopback.edited(files))

    async def arrive(self) -> None:
        """Press a digest's button that names all that ever came in, and look at the digest to come."""
        town = self.random.choice(self.towns)
        if town.id not in self._digests:
            self._digests.add(town.id)
            use = await town.admin.uses(
                town.channel, "digest setup", channel=town.channel, at="09:00", timezone="Europe/Berlin"
            )
            self.look(town, await use.reply())
        use = await town.admin.uses(town.channel, "digest preview")
        self.look(town, await use.reply())
        here = [one for one in town.seen if one.seen_only_by in {None, town.member}]
        if here:
            message = self.random.choice(here)
            found = self.loopback.world.message(message.id)
            assert found is not None
            before = found.components
            button = {"type": 2, "style": 2, "label": "All", "id": 2}
            button["custom_id"] = ArrivalsState(0, 2**62, opens=True).encode()
            found.components = [{"type": 1, "id": 1, "components": [button]}]
            told = self.look(town, await (await town.member.presses(message, "All")).reply())
            found.components = before
            held = self.client.archive.catalog.statistics(self.client.archive.catalog.public_scope()).threads
            counted = int("".join(re.findall(r"\d", told.text.partition(" new thread")[0])) or 0)
            self.equal(town, "arrived", counted, held + len(town.files))

    async def count(self) -> None:
        town = self.random.choice(self.towns)
        told = self.look(town, await (await town.admin.uses(town.channel, "archive stats")).reply())
        (own,) = re.findall(r"Its own: ([\d,]+) thread", told.text)
        self.equal(town, "threads", own, f"{len(town.files):,}")

    async def export(self) -> None:
        """Write out what the server has, and try another's collection."""
        town = self.random.choice(self.towns)
        use = await town.admin.uses(town.channel, "archive export", collection="own")
        told = self.look(town, await use.reply())
        for attached in told.attachments:
            content = self.loopback.world.files[attached["url"].removeprefix(self.loopback.base_url)].data
            with zipfile.ZipFile(io.BytesIO(content)) as packed:
                lines = packed.read(packed.namelist()[0]).decode()
            self.hold(town, lines, "export")
            self.equal(town, "exported", lines.count("\n"), len(town.files))

    async def decide(self) -> None:
        """Change a setting that moves what is indexed or kept."""
        town = self.random.choice(self.towns)
        panel = self.look(town, await (await town.admin.uses(town.channel, "settings")).reply())
        await town.admin.chooses(panel, "bob1s.quotes", [str(self.random.randint(1, 5))])
        self.look(town, await self.loopback.edited(panel))

    def everything(self) -> Iterator[tuple[Town | None, str]]:
        """Yield what stands in every channel in the end, with the place that it stands in."""
        towns = {town.id: town for town in self.towns}
        for channel in self.loopback.world.channels.values():
            for message in self.loopback.messages(channel):
                yield towns.get(channel.guild.id) if channel.guild else None, message.text
