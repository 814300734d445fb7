"""What is shown stays: whatever is told afterwards stands beside it, in the final state of each message."""

import asyncio

import pytest

from bot.client import Bobbin
from bot.interactions.app_client import Interaction
from bot.interactions.responses import send_private
from bot.settings import Settings
from retrieval.archive import Archive
from tests.bot.commands.census import WAYS, Way, hidden, staged
from tests.discord.fixtures import Loopback

NOTE = "A note after what was shown"
OPENS_A_FORM = {
    "AnswerButton-not-helpful",
    "SettingControl-button-Change-quotas…",
    "SetupButton-digest",
    "SettingControl-menu-language-other",
}


class Noting(Bobbin):
    """A Bobbin that tells a note after each thing that it did while ``notes``, as a command might."""

    notes = False

    async def on_interaction(self, interaction: Interaction) -> None:
        await super().on_interaction(interaction)
        while interaction.response.type is None:  # noqa: ASYNC110 - there is no event for it
            await asyncio.sleep(0.005)
        if self.notes:
            await self.services.finish(10)
            await send_private(interaction, NOTE)


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS, ids=str)
async def test_what_is_shown_stands_beside_a_note_that_follows(
    loopback: Loopback, archive: Archive, settings: Settings, way: Way
) -> None:
    client = Noting(archive, settings, ready_timeout=0.01)
    async with staged(loopback, client) as stage:
        act = await way.prepare(stage, stage.ada)
        client.notes = True
        use = await act()
        await loopback.requested("POST", r"^/webhooks/\d+/[^/]+$")
        final = await use.final()
        (note,) = (message for message in final.followups if NOTE in message.text)
        assert note.seen_only_by is stage.ada
        if str(way) in OPENS_A_FORM:
            assert final.modal
        elif way.handler == "DeleteButton":
            assert final.source is None
        else:
            assert final.original is not None
            assert final.original.text
            assert NOTE not in final.original.text
            assert "went wrong" not in final.text
            assert "cannot answer right now" not in final.text
        templates = [*client._templates, *(form.template for form in client.forms)]
        sent = [button.custom_id for message in final.messages for button in message.buttons]
        sent += [menu["custom_id"] for message in final.messages for menu in message.menus]
        sent += [final.modal["custom_id"]] if final.modal else []
        for custom_id in filter(None, sent):
            assert any(template.fullmatch(custom_id) for template in templates), (
                f"{custom_id} answers to nothing"
            )
        assert hidden(client) == []
