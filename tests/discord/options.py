"""Fill in a command's options as a person's client does, refusing what it would refuse."""

from collections.abc import Callable, Mapping

from tests.discord.payloads import channel_payload, member_payload, role_payload, user_payload
from tests.discord.state import Channel, Guild, Role, User
from tests.discord.wire import Json, Upload

__all__ = ["Store", "filled", "resolve_into", "walked"]

Store = Callable[[Upload], Json]

_SUBCOMMAND, _GROUP = 1, 2
_STRING, _INTEGER, _BOOLEAN, _USER, _CHANNEL, _ROLE, _MENTIONABLE, _NUMBER, _ATTACHMENT = range(3, 12)
_PLAIN: dict[int, tuple[type, ...]] = {
    _STRING: (str,),
    _INTEGER: (int,),
    _BOOLEAN: (bool,),
    _NUMBER: (int, float),
}
_TYPE_NAMES = {
    _USER: "a person",
    _ROLE: "a role",
    _CHANNEL: "a channel",
    _MENTIONABLE: "a person",
    _ATTACHMENT: "an upload",
}


def walked(command: Json, path: list[str]) -> list[Json]:
    """Follow sub-commands by name; the last of the list holds the plain options."""
    chain = [command]
    for name in path:
        step = next(
            (
                one
                for one in chain[-1].get("options") or []
                if one["name"] == name and one["type"] in (_SUBCOMMAND, _GROUP)
            ),
            None,
        )
        if step is None:
            known = [
                one["name"] for one in chain[-1].get("options") or [] if one["type"] in (_SUBCOMMAND, _GROUP)
            ]
            raise LookupError(f"command {chain[-1]['name']!r} has no sub-command {name!r}, only {known}")
        chain.append(step)
    below = [one["name"] for one in chain[-1].get("options") or [] if one["type"] in (_SUBCOMMAND, _GROUP)]
    if below:
        raise LookupError(f"command {chain[-1]['name']!r} can only be used by a sub-command: {below}")
    return chain


def filled(
    chain: list[Json],
    values: Mapping[str, object],
    store: Store,
    guild: Guild | None,
    *,
    focused: str | None = None,
) -> Json:
    """Give an interaction's data for a command and its values.

    With `focused` the person still types: that option is marked, and nothing is required.
    """
    command, leaf = chain[0], chain[-1]
    known: dict[str, Json] = {option["name"]: option for option in leaf.get("options") or []}
    unknown = values.keys() - known.keys()
    if unknown:
        raise LookupError(f"command {leaf['name']!r} has no options {sorted(unknown)}, only {list(known)}")
    missing = [name for name, option in known.items() if option.get("required") and name not in values]
    if missing and focused is None:
        raise ValueError(f"command {leaf['name']!r} needs {missing}")
    resolved: Json = {}
    options: list[Json] = []
    for name, option in known.items():
        if name not in values or values[name] is None:
            continue
        if name == focused:
            if not option.get("autocomplete"):
                raise LookupError(f"option {name!r} of {leaf['name']!r} does not complete what is typed")
            options.append({"name": name, "type": option["type"], "value": values[name], "focused": True})
        else:
            value = _value(option, values[name], resolved, store, guild)
            options.append({"name": name, "type": option["type"], "value": value})
    for step in reversed(chain[1:]):
        options = [{"name": step["name"], "type": step["type"], "options": options}]
    data: Json = {"id": command["id"], "name": command["name"], "type": 1, "options": options}
    if resolved:
        data["resolved"] = resolved
    if "guild_id" in command:
        data["guild_id"] = command["guild_id"]
    return data


def _value(option: Json, value: object, resolved: Json, store: Store, guild: Guild | None) -> object:
    kind, name = option["type"], option["name"]
    if kind in _PLAIN:
        is_flag = isinstance(value, bool)
        if not isinstance(value, _PLAIN[kind]) or (is_flag and kind != _BOOLEAN):
            raise ValueError(f"option {name!r} takes {_PLAIN[kind][-1].__name__}, not {value!r}")
        _check_bounds(option, value)
        return value
    if isinstance(value, Upload) and kind == _ATTACHMENT:
        attachment = store(value)
        resolved.setdefault("attachments", {})[attachment["id"]] = attachment
        return attachment["id"]
    if isinstance(value, User) and kind in (_USER, _MENTIONABLE):
        resolve_into(resolved, value, guild)
        return str(value.id)
    if isinstance(value, Role) and kind in (_ROLE, _MENTIONABLE):
        resolve_into(resolved, value, guild)
        return str(value.id)
    if isinstance(value, Channel) and kind == _CHANNEL:
        allowed = option.get("channel_types")
        if allowed and value.kind not in allowed:
            raise ValueError(f"option {name!r} takes channels of types {allowed}, not {value.kind}")
        resolve_into(resolved, value, guild)
        return str(value.id)
    raise ValueError(f"option {name!r} takes {_TYPE_NAMES.get(kind, f'type {kind}')}, not {value!r}")


def resolve_into(resolved: Json, thing: User | Channel | Role, guild: Guild | None) -> None:
    """Add to an interaction what the id of a person, a channel or a role stands for."""
    if isinstance(thing, Role):
        resolved.setdefault("roles", {})[str(thing.id)] = role_payload(thing)
        return
    if isinstance(thing, User):
        resolved.setdefault("users", {})[str(thing.id)] = user_payload(thing)
        if guild is not None and thing.id in guild.members:
            member = member_payload(guild.members[thing.id], with_user=False, permissions=True)
            resolved.setdefault("members", {})[str(thing.id)] = member
        return
    shown = channel_payload(thing) | {"permissions": str(thing.bot_permissions)}
    resolved.setdefault("channels", {})[str(thing.id)] = shown


def _check_bounds(option: Json, value: object) -> None:
    choices = option.get("choices") or []
    if choices and value not in [choice["value"] for choice in choices]:
        raise ValueError(
            f"option {option['name']!r} offers {[choice['value'] for choice in choices]}, not {value!r}"
        )
    size = len(value) if isinstance(value, str) else value
    low, high = ("min_length", "max_length") if isinstance(value, str) else ("min_value", "max_value")
    if not isinstance(size, int | float) or isinstance(size, bool):
        return
    if size < option.get(low, size) or size > option.get(high, size):
        raise ValueError(
            f"option {option['name']!r} takes {option.get(low)} to {option.get(high)}, not {size}"
        )
