"""Answer the routes by which a bot replies to an interaction; their token is in the path."""

import time
from collections.abc import Callable

from tests.discord.events import Event, message_event
from tests.discord.gateway import Gateway
from tests.discord.interactions import Interaction, Kind, Reply, Timing, interaction_payload
from tests.discord.limits import choice_faults, modal_faults
from tests.discord.payloads import message_payload
from tests.discord.posting import Post
from tests.discord.routes import Table
from tests.discord.state import EPHEMERAL, Channel, Message, User, World
from tests.discord.wire import Answer, Call, Json, Refusal, invalid_form

__all__ = ["InteractionRoutes"]

_UPDATES = frozenset({Reply.DEFERRED_UPDATE, Reply.UPDATE_MESSAGE})


class InteractionRoutes:
    """Start interactions and take every reply to them."""

    def __init__(self, world: World, gateway: Gateway, post: Post, timing: Timing) -> None:
        """Take what the answers are made of."""
        self._world = world
        self._gateway = gateway
        self._post = post
        self.timing = timing
        self.by_token: dict[str, Interaction] = {}
        self.on_change: Callable[[], None] = lambda: None

    def table(self) -> Table:
        """List the routes by the contract's templates."""
        hook = "/webhooks/{webhook_id}/{webhook_token}"
        table: Table = [
            ("POST", "/interactions/{interaction_id}/{interaction_token}/callback", self._callback),
            ("POST", hook, self._follow_up),
        ]
        for name in ("@original", "{message_id}"):
            table += [
                ("GET", f"{hook}/messages/{name}", self._get),
                ("PATCH", f"{hook}/messages/{name}", self._edit),
                ("DELETE", f"{hook}/messages/{name}", self._delete),
            ]
        return table

    def start(
        self, kind: Kind, user: User, channel: Channel, data: Json, source: Message | None = None
    ) -> Interaction:
        """Tell the clients what a person did."""
        since = self.timing.clock()
        interaction = Interaction(self._world.ids.mint(), kind, user, channel, data, source, since)
        self.by_token[interaction.token] = interaction

        def sent() -> None:
            interaction.sent_at = interaction.sent_at or time.monotonic()
            self.on_change()

        guild = channel.guild
        guild_id = guild.id if guild is not None and guild.has_bot else None
        payload = interaction_payload(interaction)
        self._gateway.publish(Event("INTERACTION_CREATE", lambda _: payload, guild_id), sent)
        return interaction

    async def _callback(self, call: Call) -> Answer:
        now = time.monotonic()
        interaction = self.by_token.get(call.params["interaction_token"])
        if interaction is None or str(interaction.id) != call.params["interaction_id"]:
            raise Refusal(404, 10062, "Unknown interaction")
        interaction.check_first_reply(self.timing)
        reply = Reply(int(call.fields["type"])) if call.fields.get("type") in set(Reply) else None
        faults = _misuse(interaction, reply, call.fields.get("data") or {})
        if reply is None or faults:
            raise invalid_form(faults)
        self._take(interaction, reply, call, call.fields.get("data") or {})
        interaction.reply, interaction.replied_at = reply, now
        if reply not in (Reply.DEFERRED_MESSAGE, Reply.DEFERRED_UPDATE):
            interaction.answered_at = now
        self.on_change()
        if call.query.get("with_response", "").lower() not in ("1", "true"):
            return Answer(status=204)
        return Answer(self._response(interaction, reply))

    def _take(self, interaction: Interaction, reply: Reply, call: Call, data: Json) -> None:
        user, channel = interaction.user, interaction.channel
        if interaction.is_forced_private:
            data = data | {"flags": int(data.get("flags") or 0) | EPHEMERAL}
        if reply is Reply.MESSAGE:
            interaction.original = self._post.create(channel, call, data, seen_only_by=user)
            self._published("MESSAGE_CREATE", interaction, interaction.original)
        elif reply is Reply.DEFERRED_MESSAGE:
            interaction.original = self._post.thinking(channel, int(data.get("flags") or 0), user)
            self._published("MESSAGE_CREATE", interaction, interaction.original)
        elif reply in _UPDATES and interaction.source is not None:
            interaction.original = interaction.source
            if reply is Reply.UPDATE_MESSAGE:
                self._post.edit(interaction.source, call, data)
                self._published("MESSAGE_UPDATE", None, interaction.source)
        elif reply is Reply.CHOICES:
            interaction.choices = list(data.get("choices") or [])
        elif reply is Reply.MODAL:
            interaction.modal = data

    def _published(self, name: str, interaction: Interaction | None, message: Message) -> None:
        if interaction is not None and message.interaction_metadata is None:
            message.interaction_metadata = interaction.metadata()
        # Nobody but its reader is told of an ephemeral message, and nobody at all where the bot is not.
        if message.seen_only_by is None and message.channel.has_bot:
            self._gateway.publish(message_event(name, message))

    def _response(self, interaction: Interaction, reply: Reply) -> Json:
        told: Json = {"id": str(interaction.id), "type": int(interaction.kind)}
        response: Json = {"interaction": told}
        message = interaction.original
        if message is not None and reply in (Reply.MESSAGE, Reply.DEFERRED_MESSAGE, *_UPDATES):
            told |= {
                "response_message_id": str(message.id),
                "response_message_loading": message.is_loading,
                "response_message_ephemeral": message.is_ephemeral,
            }
        if message is not None and reply is not Reply.DEFERRED_UPDATE:
            # A deferral's "thinking…" is a message already, and is called so.
            shown_as = Reply.MESSAGE if reply is Reply.DEFERRED_MESSAGE else reply
            response["resource"] = {"type": int(shown_as), "message": message_payload(message, full=True)}
        return response

    def _of(self, call: Call) -> Interaction:
        interaction = self.by_token.get(call.params["webhook_token"])
        if interaction is None or call.params["webhook_id"] != str(self._world.application_id):
            raise Refusal(404, 10015, "Unknown Webhook")
        interaction.check_token(self.timing)
        return interaction

    async def _follow_up(self, call: Call) -> Answer:
        interaction = self._of(call)
        original = interaction.original
        if original is not None and original.is_loading:
            # The first follow-up takes the place of "thinking…", as Discord has it.
            body = {**call.fields, "flags": int(call.fields.get("flags") or 0) & ~EPHEMERAL}
            return self._edited(interaction, original, call, body)
        if interaction.by_user_install and len(interaction.followups) >= self.timing.followups:
            raise Refusal(
                400, 40094, "This interaction has reached the maximum number of follow-up messages."
            )
        body = call.fields
        if interaction.is_forced_private:
            body = body | {"flags": int(body.get("flags") or 0) | EPHEMERAL}
        message = self._post.create(interaction.channel, call, body, seen_only_by=interaction.user)
        interaction.followups.append(message)
        self._published("MESSAGE_CREATE", interaction, message)
        self.on_change()
        return Answer(message_payload(message, full=True))

    async def _get(self, call: Call) -> Answer:
        message = self._of(call).message(call.params.get("message_id", "@original"))
        return Answer(message_payload(message, full=True))

    async def _edit(self, call: Call) -> Answer:
        interaction = self._of(call)
        message = interaction.message(call.params.get("message_id", "@original"))
        return self._edited(interaction, message, call, call.fields)

    def _edited(self, interaction: Interaction, message: Message, call: Call, body: Json) -> Answer:
        self._post.edit(message, call, body)
        if message is interaction.original and interaction.answered_at is None:
            interaction.answered_at = time.monotonic()
        self._published("MESSAGE_UPDATE", None, message)
        self.on_change()
        return Answer(message_payload(message, full=True))

    async def _delete(self, call: Call) -> Answer:
        message = self._of(call).message(call.params.get("message_id", "@original"))
        message.deleted = True
        message.channel.messages.pop(message.id, None)
        self._published("MESSAGE_DELETE", None, message)
        self.on_change()
        return Answer()


def _misuse(interaction: Interaction, reply: Reply | None, data: Json) -> list[str]:
    """List why this reply does not fit this interaction."""
    if reply is None:
        return ["type: no such interaction callback"]
    is_autocomplete = interaction.kind is Kind.AUTOCOMPLETE
    if is_autocomplete != (reply is Reply.CHOICES):
        return [f"{reply.name} cannot answer {interaction.kind.name}"]
    if reply in _UPDATES and interaction.source is None:
        return [f"{reply.name} cannot answer {interaction.kind.name}, which came from no message"]
    if reply is Reply.MODAL and interaction.kind is Kind.MODAL_SUBMIT:
        return ["a modal cannot answer a modal"]
    if reply is Reply.MODAL:
        return modal_faults(data)
    return choice_faults(data.get("choices") or []) if reply is Reply.CHOICES else []
