"""What all tests share: how far property tests search, what is slow, and the watch over the token."""

import os
from collections import defaultdict
from collections.abc import Iterator

import pytest
from hypothesis import Phase, settings

from tests.examples import limit_examples

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

#: Seconds of processor time, children's among it, from which on a test is to be marked ``slow``: one case of
#: it, and all its cases together.
_SLOW, _SLOW_TOGETHER = 5.0, 10.0
#: A run without the slow tests tries no more examples of a property.
_QUICK_EXAMPLES = 25
_TAKEN = pytest.StashKey[dict[str, float]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_TAKEN] = {}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let a run without the slow tests try fewer examples of each property."""
    if "not slow" in config.option.markexpr:
        for item in items:
            limit_examples(item, _QUICK_EXAMPLES)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Note what an unmarked test takes; processor time is the same on a busy machine."""
    before = sum(os.times()[:4])
    try:
        return (yield)
    finally:
        taken = sum(os.times()[:4]) - before
        if item.get_closest_marker("slow") is None:
            item.config.stash[_TAKEN][item.nodeid] = taken


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Name the tests that are to be marked."""
    together: defaultdict[str, float] = defaultdict(float)
    slow = set()
    for name, seconds in config.stash[_TAKEN].items():
        test = name.partition("[")[0]
        together[test] += seconds
        if seconds > _SLOW:
            slow.add(test)
    slow |= {test for test, seconds in together.items() if seconds > _SLOW_TOGETHER}
    if slow:
        terminalreporter.section("takes long and is not marked slow")
        for test in sorted(slow, key=together.__getitem__, reverse=True):
            terminalreporter.line(f"{together[test]:6.1f} s  {test}")
