"""The one registry of the regular expressions that read what people saved.

A saved file may be made to cost time, so every expression that sees one is linear in the text as its call
site uses it. ``tests/retrieval/readers/test_patterns.py`` walks the registry and measures each of them.
"""

import re
from typing import Final, overload

__all__ = ["REGISTRY", "pattern"]

#: Every expression that was registered, in the order of the imports.
REGISTRY: Final[list[re.Pattern[str] | re.Pattern[bytes]]] = []


@overload
def pattern(expression: str, flags: int = 0) -> re.Pattern[str]: ...


@overload
def pattern(expression: bytes, flags: int = 0) -> re.Pattern[bytes]: ...


def pattern(expression: str | bytes, flags: int = 0) -> re.Pattern[str] | re.Pattern[bytes]:
    """Compile an expression and register it; raise ``re.error`` as :func:`re.compile` does."""
    compiled: re.Pattern[str] | re.Pattern[bytes] = re.compile(expression, flags)
    REGISTRY.append(compiled)
    return compiled
