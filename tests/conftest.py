"""What all tests share: how far property tests search, and the watch over the token."""

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
