import os
import pty
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.cli.chat import ChatSession
from bot.cli.terminal import TerminalStyle
from retrieval.archive import Archive
from tests.bot.cli.commands import process, run, until
from tests.bot.cli.test_threads import opening
from tests.interrupts import heed_interrupts


@pytest.mark.usefixtures("filled")
def test_a_conversation_pages_shows_neighbours_and_whole_threads() -> None:
    said = "lamp quay ferry\nmore\ncontext 1\nthread 1\nthread 77\nquit\nferry\n"
    result = run("chat", stdin=said)
    assert result.exit_code == 0
    assert "post 2 of 4" in result.stdout
    assert "No quote has the number 77" in result.stdout
    assert "post 4 of 4" in result.stdout
    assert "ask> " not in result.stdout, "a pipe needs no prompt"


@pytest.fixture
def conversation(filled: Path) -> Iterator[ChatSession]:
    with Archive.open(filled.parent / "data" / "archive.db") as archive:
        yield ChatSession(archive, TerminalStyle(80), page=1)


def test_more_goes_on_where_the_last_page_ended_until_all_is_shown(conversation: ChatSession) -> None:
    replies = [conversation.reply("lamp")]
    while "type /more" in (replies[-1] or ""):
        replies.append(conversation.reply("More"))
    found = conversation.archive.ask("lamp", conversation.archive.catalog.scope(), limit=8)
    assert len(replies) == len(found.excerpts) > 2
    assert all(reply and f"[{rank}]" in reply for rank, reply in enumerate(replies, 1))
    assert conversation.reply("more") == "That was all the archive has on this.\n"


def test_a_quote_can_be_looked_up_only_once_it_was_shown(conversation: ChatSession) -> None:
    assert "ask something first" in (conversation.reply("context 1") or "")
    assert "ask something" in (conversation.reply("more") or "")
    conversation.reply("lamp")
    assert "┃" in (conversation.reply("context 1") or "")
    assert "from 1 to 1" in (conversation.reply("context 2") or "")
    assert conversation.reply("thread") == "Write the number of a quote behind it: /thread 1\n"


def test_a_follow_up_leans_on_the_question_before_it_until_a_new_start(conversation: ChatSession) -> None:
    conversation.reply("ferry")
    assert "ferry" in (conversation.reply("why?") or "")
    conversation.reply("new")
    assert "Nothing in the archive" in (conversation.reply("why?") or "")


def test_a_thread_is_shown_by_its_id_in_a_conversation(conversation: ChatSession) -> None:
    (thread,) = conversation.archive.catalog.threads(
        conversation.archive.catalog.scope(), author="Ada Example"
    )
    assert "post 4 of 4" in (conversation.reply(f"thread {thread.id}") or "")
    assert "no thread has the id" in (conversation.reply("thread 000000000000") or "")


@pytest.mark.parametrize(
    ("said", "reply"), [("quit", None), ("EXIT", None), ("  ", ""), ("context of war", ...)]
)
def test_words_of_command_are_distinguished_from_questions(
    said: str, reply: Any, conversation: ChatSession
) -> None:
    answer = conversation.reply(said)
    assert answer == reply if reply is not ... else "Nothing in the archive" in (answer or "")
    assert "context N" in (conversation.reply("help") or "")


def at_terminal() -> None:
    heed_interrupts()
    os.login_tty(0)


@pytest.mark.usefixtures("filled", "ignoring_interrupts")
@pytest.mark.parametrize("leave", [b"\x04", b"\x03", b"quit\n"])
def test_a_person_leaves_a_conversation_politely(leave: bytes) -> None:
    ours, theirs = pty.openpty()
    with process("chat", stdin=theirs, stdout=theirs, stderr=theirs, preexec_fn=at_terminal) as chatting:
        os.close(theirs)
        try:
            seen = until(ours, b"ask> ")
            os.write(ours, b"ferry\n")
            seen += until(ours, b"ask> ")
            # A signal between the prompt and the wait for keys would be seen with the next key only.
            time.sleep(0.3)
            os.write(ours, leave)
            seen += until(ours, b"Goodbye.")
            assert chatting.wait(60) == 0
        finally:
            chatting.kill()
    os.close(ours)
    assert b"Traceback" not in seen
    assert b"\x1b[1;33mferry" in seen, "matched words are coloured in a terminal"


def test_a_slash_begins_a_command_and_an_unknown_one_is_no_question(
    conversation: ChatSession, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = opening(place, monkeypatch)
    conversation.reply("lamp")
    assert conversation.last is not None
    shown = conversation.last.excerpts[0].thread
    assert conversation.reply("/thread 1") == conversation.reply("thread 1")
    assert conversation.reply(f"/thread {shown.id}/2") == conversation.reply("/thread 1")
    assert conversation.reply("/open 1") == ""
    assert opened() == [shown.url or shown.id]
    assert conversation.reply("/help") == conversation.reply("help")
    assert "There is no /attic" in (conversation.reply("/attic 3") or "")
    for words in ("/open zz", "/thread one", "/context 1 2"):
        name, _, meant = words.partition(" ")
        assert conversation.reply(words) == (
            f"{meant!r} is no number of a quote and no id of a thread; write it like {name} 1\n"
        )
    assert conversation.reply("/QUIT") is None


@pytest.mark.usefixtures("filled", "ignoring_interrupts")
def test_a_terminal_brings_earlier_lines_back_and_completes_commands_with_room_for_a_number() -> None:
    ours, theirs = pty.openpty()
    with process(
        "chat",
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        preexec_fn=at_terminal,
        env={"TERM": "xterm"},
    ) as chatting:
        os.close(theirs)
        try:
            until(ours, b"ask> ")
            os.write(ours, b"ferry\n")
            until(ours, b"ask> ")
            os.write(ours, b"\x1b[A")
            until(ours, b"ferry")
            os.write(ours, b"\x15/th\t1\n")
            assert b"post 4 of 4" in until(ours, b"ask> ")
        finally:
            chatting.kill()
    os.close(ours)
