"""What all tests share: how far property tests search, and the watch over the token."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import Phase, settings

pytest_plugins = ["tests.canary"]

# The same examples in every run, and no limit of time that a busy machine would break: a test's outcome
# tells of the change and not of chance. `--hypothesis-profile=explore` looks for new examples.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("explore", derandomize=False, deadline=None)
# `python -m tests.mutation`: a failure ends the run, so it need not be made small first.
settings.register_profile(
    "mutation",
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    report_multiple_bugs=False,
)
settings.load_profile("same")

#: Seconds of processor time, children's among it, from which on a test is to be marked ``slow``.
_SLOW = 5.0
_TAKEN = pytest.StashKey[dict[str, float]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_TAKEN] = {}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Note what an unmarked test takes; processor time is the same on a busy machine."""
    before = sum(os.times()[:4])
    try:
        return (yield)
    finally:
        taken = sum(os.times()[:4]) - before
        if taken > _SLOW and item.get_closest_marker("slow") is None:
            item.config.stash[_TAKEN][item.nodeid] = taken


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Name the tests that are to be marked."""
    if taken := config.stash[_TAKEN]:
        terminalreporter.section("over five seconds and not marked slow")
        for name, seconds in sorted(taken.items(), key=lambda pair: -pair[1]):
            terminalreporter.line(f"{seconds:6.1f} s  {name}")
