"""Every language has every sentence, with the same variables, and every sentence is said somewhere."""

import re
from collections import Counter
from pathlib import Path

import pytest
from discord import app_commands
from fluent.syntax import FluentParser, ast
from fluent.syntax.visitor import Visitor

import bot
from bot.client import COMMANDS
from bot.i18n import LANGUAGES, _kept_sentence, translations_for

BOT = Path(bot.__file__).parent
LOCALES = BOT / "locales"


class Variables(Visitor):
    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_VariableReference(self, node: ast.VariableReference) -> None:  # noqa: N802 # the visitor's name
        self.names.add(node.id.name)


def sentences(language: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for path in sorted((LOCALES / language).glob("*.ftl")):
        for entry in FluentParser().parse(path.read_text(encoding="utf-8")).body:
            assert not isinstance(entry, ast.Junk), f"{path.name}: {entry.content}"
            if isinstance(entry, ast.Message):
                variables = Variables()
                variables.visit(entry)
                found[entry.id.name] = variables.names
    return found


def test_no_sentence_is_given_twice() -> None:
    for language in LANGUAGES:
        keys = Counter(
            entry.id.name
            for path in (LOCALES / language).glob("*.ftl")
            for entry in FluentParser().parse(path.read_text(encoding="utf-8")).body
            if isinstance(entry, ast.Message)
        )
        assert [key for key, count in keys.items() if count > 1] == []


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_a_language_has_every_sentence_with_the_same_variables(language: str) -> None:
    assert sentences(language) == sentences("en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_the_same_files(language: str) -> None:
    names = {path.name for path in (LOCALES / language).iterdir()}
    assert names == {path.name for path in (LOCALES / "en").iterdir()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_can_be_rendered(language: str) -> None:
    for key, variables in sentences("en").items():
        assert translations_for(language).say(key, **dict.fromkeys(variables, 3)).strip()


def test_every_sentence_of_the_code_is_in_the_catalogue() -> None:
    said = {
        key
        for path in BOT.rglob("*.py")
        for key in re.findall(r"""\bsay\(\s*"([^"]+)\"""", path.read_text(encoding="utf-8"))
    }
    assert said - set(sentences("en")) == set()


@pytest.mark.parametrize(
    ("locale", "count", "said"),
    [
        ("en-US", 1, "1 post"),
        ("en-GB", 2, "2 posts"),
        ("de", 2, "2 Beiträge"),
        ("uk", 1, "1 допис"),
        ("uk", 3, "3 дописи"),
        ("uk", 11, "11 дописів"),
        ("fr", 5, "5 posts"),
    ],
)
def test_numbers_take_their_plural(locale: str, count: int, said: str) -> None:
    assert translations_for(locale).say("posts", count=count) == said


def test_values_stand_as_they_are() -> None:
    assert translations_for("de").say("posts", count="viele") == "viele Beiträge"


def test_a_missing_value_and_an_unknown_key_are_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="posts in en"):
        translations_for("en").say("posts")
    with pytest.raises(KeyError, match="no such"):
        translations_for("en").say("no such")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_command_in_a_sentence_bears_its_name_in_that_language(language: str) -> None:
    said = translations_for(language).say
    named = set()
    for command in COMMANDS:
        if isinstance(command, app_commands.ContextMenu):
            continue
        own = said(command._locale_name.extras["key"])  # type: ignore[union-attr]
        named.add(f"/{own}")
        below = command.commands if isinstance(command, app_commands.Group) else []
        named |= {f"/{own} {said(each._locale_name.extras['key'])}" for each in below}  # type: ignore[union-attr]
    named.add(f"/{said('command-privacy')} {said('command-privacy-forget')}")
    for path in (LOCALES / language).glob("*.ftl"):
        for text in re.findall(r"`(/[^`]+)`", path.read_text(encoding="utf-8")):
            assert text in named, f"{path.name}: {text}"


def test_a_sentence_is_kept_only_where_no_words_of_people_are_in_it() -> None:
    spoken = translations_for("de")
    kept = _kept_sentence.cache_info().currsize
    first = [spoken.say("answer-nothing-found-about", question=f"secret {number}") for number in range(5)]
    assert len(set(first)) == 5
    assert _kept_sentence.cache_info().currsize == kept
    labels = [spoken.say("answer-more-of", page=page, pages=9) for page in (2, 3, 2)]
    assert labels[0] == labels[2] != labels[1]
    assert translations_for("en").say("answer-more-of", page=2, pages=9) != labels[0]
