"""What all tests share: how far property tests search, and the watch over the token."""

from hypothesis import settings

pytest_plugins = ["tests.canary"]

# The same examples in every run, and no limit of time that a busy machine would break: a test's outcome
# tells of the change and not of chance. `--hypothesis-profile=explore` looks for new examples.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("explore", derandomize=False, deadline=None)
settings.load_profile("same")
