"""Offer a Discord on the loopback interface, for tests with the real client.

Facts that shape it: the client takes plain text frames; it reads JSON only where the content type
is exactly `application/json`; an incomplete payload ends it. Rate limits, the seconds between two
identifies and the like are off until a test sets them. What it cannot show: voice, what roles permit,
reactions, and anything answered with 501.
"""

from tests.discord.faults import Fault
from tests.discord.interactions import Reply, Timing
from tests.discord.invocation import FinalState, Use
from tests.discord.people import Person
from tests.discord.seen import SeenMessage
from tests.discord.server import LoopbackDiscord
from tests.discord.state import Channel, Guild, Role
from tests.discord.wire import Request, Upload

__all__ = [
    "Channel",
    "Fault",
    "FinalState",
    "Guild",
    "LoopbackDiscord",
    "Person",
    "Reply",
    "Request",
    "Role",
    "SeenMessage",
    "Timing",
    "Upload",
    "Use",
]
