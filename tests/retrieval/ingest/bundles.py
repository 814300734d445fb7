"""Bundles that behave badly, for the process that reads them; they cross into it by being pickled."""

import os
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO

from retrieval.errors import ReadError
from retrieval.formats.import_types import Member

__all__ = ["Crashing", "Failing", "Greedy", "Hanging", "Telling"]


@dataclass(frozen=True)
class Hanging:
    """One that takes for ever."""

    @property
    def members(self) -> Sequence[Member]:
        time.sleep(600)
        return ()

    def open(self, member: Member) -> IO[bytes]:
        raise ReadError(member.name, "is never reached")


@dataclass(frozen=True)
class Greedy(Hanging):
    """One that takes all memory there is."""

    @property
    def members(self) -> Sequence[Member]:
        held = []
        while True:
            held.append(bytearray(16 * 2**20))


@dataclass(frozen=True)
class Crashing(Hanging):
    """One that takes the process with it."""

    number: int = signal.SIGSEGV

    @property
    def members(self) -> Sequence[Member]:
        os.kill(os.getpid(), self.number)
        return ()


@dataclass(frozen=True)
class Failing(Hanging):
    """One that meets a mistake of ours."""

    @property
    def members(self) -> Sequence[Member]:
        raise KeyError("a mistake")


@dataclass(frozen=True)
class Telling(Hanging):
    """One that tells what it knows of where it is read, as the name of a file."""

    @property
    def members(self) -> Sequence[Member]:
        print("noise on standard output")  # noqa: T201 - that is what it is about
        known = ",".join(sorted(name for name in os.environ if "BOBBIN" in name or "SECRET" in name))
        return (Member(f"{os.getpid()} {known}", 1, 0),)

    def open(self, member: Member) -> IO[bytes]:
        raise ReadError(member.name, "holds nothing")
