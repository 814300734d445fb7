"""What all tests share: how far property tests search, and the watch over the token."""

from hypothesis import settings

pytest_plugins = ["tests.canary"]

# The same examples in every run, so that a test's outcome tells of the change and not of chance.
# `--hypothesis-profile=explore` looks for new ones.
settings.register_profile("same", derandomize=True)
settings.register_profile("explore", derandomize=False)
settings.load_profile("same")
