"""A store that refuses: the reason to those who can act, a sentence without it to others, everywhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

import pytest

from bot.client import Bobbin
from bot.settings import Settings
from retrieval.archive import Archive
from retrieval.errors import StoreError
from retrieval.storage.connections import Connections
from tests.bot.commands.census import WAYS, Way, staged
from tests.discord.fixtures import Loopback

REASON = "the disk is full"
OTHERS = "I cannot answer right now"
NEEDS_MANAGER = "Only people with the permission"
#: What is shown out of memory, opens a form, removes a message of Discord's, or is refused for its name.
WITHOUT_STORE = {
    "/settings",
    "/archive follow",
    "/archive unanswered",
    "DeleteButton",
    "PrivacyButton",
    "SetupButton",
}


@contextmanager
def refusing_stores() -> Iterator[None]:
    """Let no database be read or written."""

    def refuse(connections: Connections) -> object:
        raise StoreError(f"{connections.path}: {REASON}; free some space and try again")

    with mock.patch.multiple(
        Connections, reader=refuse, reading=refuse, apart=refuse, writer=refuse, changing=refuse
    ):
        yield


@pytest.mark.slow
@pytest.mark.parametrize("way", {way.handler: way for way in WAYS}.values(), ids=str)
async def test_the_reason_is_for_those_who_can_act(
    loopback: Loopback, archive: Archive, settings: Settings, way: Way
) -> None:
    client = Bobbin(archive, settings, ready_timeout=0.01)
    async with staged(loopback, client) as stage:
        for person in (stage.ada, stage.alice):
            try:
                act = await way.prepare(stage, person)
                with refusing_stores():
                    final = await (await act()).final()
            except LookupError:
                assert person is stage.alice  # to whom no such control is shown
                continue
            if way.handler not in WITHOUT_STORE and not final.modal and NEEDS_MANAGER not in final.text:
                assert (REASON if person is stage.ada else OTHERS) in final.text
            assert (OTHERS if person is stage.ada else REASON) not in final.text
            assert "went wrong" not in final.text
            assert settings.data_dir.parent.name not in final.text
