"""Shape state as Discord's JSON."""

from tests.discord.intents import is_readable
from tests.discord.snowflakes import iso, time_of
from tests.discord.state import FORUM, Channel, Guild, Member, Message, Role, User, World
from tests.discord.wire import Json

__all__ = [
    "application_payload",
    "channel_payload",
    "guild_payload",
    "member_payload",
    "message_payload",
    "ready_payload",
    "role_payload",
    "user_payload",
]


def user_payload(user: User) -> Json:
    """Shape an account."""
    return {
        "id": str(user.id),
        "username": user.name,
        "global_name": None if user.bot else user.name.title(),
        "discriminator": "0000" if user.bot else "0",
        "avatar": None,
        "bot": user.bot,
        "public_flags": 0,
        "flags": 0,
        "primary_guild": None,
    }


def member_payload(member: Member, *, with_user: bool = True, permissions: bool = False) -> Json:
    """Shape a member; `permissions` are added where Discord adds them, in interactions."""
    payload: Json = {
        "roles": [str(role.id) for role in member.roles],
        "nick": member.nick,
        "avatar": None,
        "banner": None,
        "joined_at": iso(member.joined_at),
        "premium_since": None,
        "communication_disabled_until": None,
        "deaf": False,
        "mute": False,
        "pending": False,
        "flags": 0,
    }
    if with_user:
        payload["user"] = user_payload(member.user)
    if permissions:
        payload["permissions"] = str(member.permissions)
    return payload


def channel_payload(channel: Channel) -> Json:
    """Shape a channel, a thread or a private conversation."""
    last = next(reversed(channel.messages), None)
    payload: Json = {
        "id": str(channel.id),
        "type": channel.kind,
        "last_message_id": None if last is None else str(last),
        "flags": 0,
    }
    if channel.guild is None:
        others = [user for user in channel.recipients if user is not channel.world.bot]
        payload["recipients"] = [user_payload(user) for user in others]
        if channel.kind != 1:
            payload |= {"name": channel.name, "icon": None, "owner_id": str(others[0].id)}
        return payload
    payload |= {"guild_id": str(channel.guild.id), "name": channel.name, "rate_limit_per_user": 0}
    if channel.parent is not None:
        opened = iso(time_of(channel.id))
        return payload | {
            "parent_id": str(channel.parent.id),
            "owner_id": str((channel.owner or channel.guild.owner).id),
            "message_count": len(channel.messages),
            "total_message_sent": len(channel.messages),
            "member_count": 1,
            "thread_metadata": {
                "archived": False,
                "auto_archive_duration": 1440,
                "archive_timestamp": opened,
                "create_timestamp": opened,
                "locked": False,
            },
        }
    overwrites = []
    if channel.denied:
        denial = {"id": str(channel.world.bot.id), "type": 1, "allow": "0", "deny": str(channel.denied)}
        overwrites.append(denial)
    if channel.kind == FORUM:
        payload |= {
            "available_tags": [],
            "default_reaction_emoji": None,
            "default_sort_order": None,
            "default_forum_layout": 0,
            "template": "",
        }
    return payload | {
        "position": 0,
        "permission_overwrites": overwrites,
        "nsfw": False,
        "parent_id": None,
        "topic": channel.topic or None,
    }


def role_payload(role: Role) -> Json:
    """Shape a role."""
    shown = _role(role.id, role.name, role.permissions)
    return shown if role.bot_id is None else shown | {"managed": True, "tags": {"bot_id": str(role.bot_id)}}


def _everyone(guild: Guild) -> Json:
    return _role(guild.id, "@everyone", guild.bot_permissions)


def _role(role_id: int, name: str, permissions: int) -> Json:
    return {
        "id": str(role_id),
        "name": name,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "icon": None,
        "unicode_emoji": None,
        "position": 0,
        "permissions": str(permissions),
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }


def guild_payload(guild: Guild, *, created: bool = True) -> Json:
    """Shape a server; `created` adds what only the gateway tells."""
    payload: Json = {
        "id": str(guild.id),
        "name": guild.name,
        "icon": None,
        "splash": None,
        "discovery_splash": None,
        "banner": None,
        "description": None,
        "owner_id": str(guild.owner.id),
        "region": "deprecated",
        "afk_channel_id": None,
        "afk_timeout": 300,
        "verification_level": 0,
        "default_message_notifications": 1,
        "explicit_content_filter": 0,
        "roles": [_everyone(guild), *map(role_payload, guild.roles.values())],
        "emojis": [],
        "stickers": [],
        "features": [],
        "mfa_level": 0,
        "application_id": None,
        "system_channel_id": str(guild.system_channel.id) if guild.system_channel else None,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "public_updates_channel_id": None,
        "safety_alerts_channel_id": None,
        "widget_enabled": False,
        "widget_channel_id": None,
        "max_presences": None,
        "max_members": 500_000,
        "max_video_channel_users": 25,
        "max_stage_video_channel_users": 50,
        "vanity_url_code": None,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "premium_progress_bar_enabled": False,
        "preferred_locale": guild.locale,
        "home_header": None,
        "incidents_data": None,
        "nsfw": False,
        "nsfw_level": 0,
    }
    if created:
        bot = guild.members[guild.world.bot.id]
        payload |= {
            "joined_at": iso(bot.joined_at),
            "large": False,
            "member_count": len(guild.members),
            "members": [member_payload(bot)],
            "channels": [channel_payload(one) for one in guild.channels.values() if not one.is_thread],
            "threads": [channel_payload(one) for one in guild.channels.values() if one.is_thread],
            "voice_states": [],
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
        }
    return payload


def _snapshot(message: Message) -> Json:
    """Shape what a forward holds of a message."""
    return {
        "type": 0,
        "content": message.content,
        "embeds": message.embeds,
        "attachments": message.attachments,
        "components": [],
        "timestamp": iso(time_of(message.id)),
        "edited_timestamp": None,
        "flags": 0,
        "mentions": [],
        "mention_roles": [],
    }


def message_payload(message: Message, intents: int = 0, *, full: bool = False, told: bool = False) -> Json:
    """Shape a message as a client with these intents sees it.

    `full` shows everything whatever the intents; `told` adds what only the gateway tells.
    """
    channel, author = message.channel, message.author
    bot = channel.world.bot
    veiled = not (full or is_readable(message, intents=intents, bot_id=bot.id))
    payload: Json = {
        "id": str(message.id),
        "channel_id": str(channel.id),
        "type": (20 if message.interaction_metadata else 19) if _answers(message) else 0,
        "author": user_payload(author),
        "content": "" if veiled else message.content,
        "embeds": [] if veiled else message.embeds,
        "attachments": [] if veiled else message.attachments,
        "components": [] if veiled else message.components,
        "timestamp": iso(time_of(message.id)),
        "edited_timestamp": None if message.edited_at is None else iso(message.edited_at),
        "flags": message.flags,
        "tts": False,
        "pinned": False,
        "mention_everyone": False,
        "mention_roles": [str(role.id) for role in message.role_mentions],
        "mentions": [user_payload(user) for user in message.mentions],
    }
    if message.forwarded and not veiled:
        payload["message_snapshots"] = [{"message": _snapshot(original)} for original in message.forwarded]
    if message.poll is not None:
        payload["poll"] = {
            "question": {"text": message.poll},
            "answers": [{"answer_id": 1, "poll_media": {"text": "Yes"}}],
            "expiry": iso(time_of(message.id)),
            "allow_multiselect": False,
            "layout_type": 1,
        }
    if message.nonce is not None:
        payload["nonce"] = message.nonce
    if message.interaction_metadata is not None:
        payload |= {
            "interaction_metadata": message.interaction_metadata,
            "webhook_id": str(channel.world.application_id),
            "application_id": str(channel.world.application_id),
        }
    if message.reply_to is not None:
        payload["message_reference"] = _reference(message.reply_to)
        original = message.reply_to
        shown = None if original.deleted else message_payload(original, intents, full=full)
        if shown is not None:
            # Discord nests one level only.
            shown.pop("referenced_message", None)
        payload["referenced_message"] = shown
    if told:
        payload["channel_type"] = channel.kind
        if channel.guild is not None:
            payload["guild_id"] = str(channel.guild.id)
            member = channel.guild.members.get(author.id)
            if member is not None and message.interaction_metadata is None:
                payload["member"] = member_payload(member, with_user=False)
    return payload


def _answers(message: Message) -> bool:
    return message.reply_to is not None or message.interaction_metadata is not None


def _reference(original: Message) -> Json:
    reference: Json = {"type": 0, "message_id": str(original.id), "channel_id": str(original.channel.id)}
    if original.channel.guild is not None:
        reference["guild_id"] = str(original.channel.guild.id)
    return reference


def application_payload(world: World, flags: int) -> Json:
    """Shape the application as its own bot asks for it."""
    return {
        "id": str(world.application_id),
        "name": world.bot.name,
        "icon": None,
        "description": "",
        "type": None,
        "bot": user_payload(world.bot),
        "summary": "",
        "bot_public": True,
        "bot_require_code_grant": False,
        "is_monetized": False,
        "is_verified": False,
        "is_discoverable": False,
        "hook": True,
        "verify_key": "0" * 64,
        "flags": flags,
        "flags_new": str(flags),
        "owner": user_payload(world.owner),
        "team": None,
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "approximate_guild_count": len(list(world.bot_guilds())),
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "eligible_oauth2_scopes": [],
        "integration_types_config": {"0": {}, "1": {}},
    }


def ready_payload(world: World, session_id: str, shard: tuple[int, int], resume_url: str, flags: int) -> Json:
    """Shape the first event of a session; only this shard's servers are named."""
    own = [guild for guild in world.bot_guilds() if (guild.id >> 22) % shard[1] == shard[0]]
    return {
        "v": 10,
        "user": user_payload(world.bot) | {"verified": True, "mfa_enabled": True, "email": None},
        "guilds": [{"id": str(guild.id), "unavailable": True} for guild in own],
        "session_id": session_id,
        "resume_gateway_url": resume_url,
        "shard": list(shard),
        "application": {"id": str(world.application_id), "flags": flags},
        "private_channels": [],
        "relationships": [],
        "presences": [],
        "guild_join_requests": [],
        "geo_ordered_rtc_regions": [],
        "session_type": "normal",
        "auth": {},
        "user_settings": {},
        "_trace": ["[]"],
    }
