"""What several commands ask for in the same way."""

import click

__all__ = ["language"]


def _code(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    """Accept the shape of a language code."""
    if value is None or (value.isascii() and value.isalpha() and len(value) in {2, 3}):
        return value and value.lower()
    raise click.BadParameter("is no language code; write two letters, like en or uk.")


language = click.option(
    "--language", callback=_code, metavar="CODE", help="The language of the collection, like en or uk."
)
