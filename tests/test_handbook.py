"""The handbook reads as it should, says what is true, and answers what people ask."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from bot.settings import PREFIX
from retrieval.archive import Archive
from retrieval.formats.import_types import SavedFile
from retrieval.model import Completeness, Thread
from retrieval.readers.registry import read
from tests.program import COMMANDS, SETTINGS, options_of, slash_commands

HANDBOOK = Path(__file__).resolve().parent.parent / "data" / "threads"
FILES = sorted(path.name for path in HANDBOOK.glob("*.txt"))
LONGEST_POST = 280

#: Commands of Discord that the handbook announces and this version does not have.
TO_COME: set[str] = set()

QUESTIONS = {
    "What is Bobbin?": "bobbin",
    "Is this an AI like ChatGPT?": "bobbin",
    "Which commands are there?": "bobbin",
    "How do I get started?": "bobbin",
    "Is Bobbin open source?": "bobbin",
    "How do I ask Bobbin something?": "asking",
    "Can I get an answer that nobody else sees?": "asking",
    "How can I ask in a direct message?": "asking",
    "Can I use a message that somebody else wrote as the question?": "asking",
    "How do I write a good question?": "asking",
    "Does Bobbin generate text or make up its answers?": "answers",
    "Why are some words bold?": "answers",
    "What does preview mean?": "answers",
    "Why does Bobbin say nothing was found?": "answers",
    "Who wrote the post in a quote, and when?": "answers",
    "Can I trust an answer?": "answers",
    "How do I change the number of quotes?": "answers",
    "Can I take Bobbin along to a server where it is no member?": "asking",
    "Which languages does Bobbin speak?": "answers",
    "What does the Context button do?": "buttons",
    "What happens when I press Not helpful?": "buttons",
    "How do I remove an answer that everybody sees?": "buttons",
    "Do the buttons still work after a restart?": "buttons",
    "Why can't I press More on another person's answer?": "buttons",
    "How do I follow an author?": "following",
    "When does a thread of a followed author arrive?": "following",
    "How do I stop following an author?": "following",
    "Which search operators are there?": "operators",
    "How do I search for an exact phrase?": "operators",
    "How do I leave out posts with a word?": "operators",
    "How do I filter by date?": "operators",
    "How do I look up a thread?": "looking-up",
    "How do I read the whole thread?": "looking-up",
    "How do I browse the archive?": "looking-up",
    "How do I jump to a post of a thread?": "looking-up",
    "How do I find the threads of an author?": "looking-up",
    "What is the id of a thread?": "looking-up",
    "How do I set up the daily digest?": "digest",
    "When does the digest come?": "digest",
    "What time zone does the digest use?": "digest",
    "How do I see new threads?": "digest",
    "How can I be notified of new threads about something?": "alerts",
    "How do I end an alert?": "alerts",
    "Can alerts be posted in a channel?": "alerts",
    "How do I import my threads?": "importing",
    "Which files can Bobbin read?": "importing",
    "How do I tell Bobbin the author of a saved page?": "importing",
    "What happens when I import a file twice?": "importing",
    "What is the inbox for?": "importing",
    "Which file did this thread come from?": "importing",
    "The same post is in my export and on a saved page, do I get it twice?": "importing",
    "Are my questions stored anywhere?": "privacy",
    "Does Bobbin read all messages in my server?": "privacy",
    "Can I delete a thread?": "privacy",
    "How can an author be forgotten?": "privacy",
    "How does the ranking work?": "ranking",
    "What is idf?": "ranking",
    "Does it find synonyms?": "ranking",
    "Where do I put the token?": "running",
    "Which permissions does the bot need to be invited?": "running",
    "Does it need privileged intents?": "running",
    "How do I stop the bot?": "running",
    "Why does /ask not appear in my server?": "running",
    "How many servers can one process handle?": "scaling",
    "Can I run it behind a proxy?": "scaling",
    "Is there a search cluster?": "scaling",
    "Can I use Bobbin without Discord, in a terminal?": "terminal",
    "How do I get JSON output for a script?": "terminal",
    "Can other servers see our threads?": "collections",
    "What is a collection?": "collections",
    "How do I upload threads to my server?": "admins",
    "Who may change the settings of a server?": "admins",
    "How do I set a quota?": "admins",
    "Which questions found nothing?": "admins",
    "What happens when Bobbin is removed from a server?": "admins",
    "How can I be forgotten?": "privacy",
    "Can I read a thread in a web browser?": "pages",
    "How do I get a link to a post on a page?": "pages",
    "Is there a feed of new threads?": "pages",
    "How often was a word posted about?": "pages",
    "How do I check a quotation?": "quotes",
    "Is this quote real?": "quotes",
    "What does altered mean?": "quotes",
    "Who is the claimed author of a quotation?": "quotes",
    "Who said something first?": "first-mention",
    "How do I see what an author said then and now?": "first-mention",
    "What is the first mention of a word?": "first-mention",
    "Is there an API for programs?": "programs",
    "How do I use Bobbin with MCP?": "programs",
    "How do I make a backup of the archive?": "backups",
    "How can I move Bobbin to another machine?": "backups",
    "How do I upgrade to a new version?": "year",
    "How do I rotate the token?": "year",
    "Can I go back to an earlier version?": "year",
    "What should I watch over the year?": "year",
}

each_file = pytest.mark.parametrize("name", FILES)


@cache
def thread_of(name: str) -> Thread:
    reading = read(SavedFile(name=name, content=(HANDBOOK / name).read_bytes()))
    assert len(reading.threads) == 1
    assert {part.why for part in reading.left_out} == {"front matter"}
    assert reading.warnings == ()
    return reading.threads[0]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with Archive.open(tmp_path_factory.mktemp("data") / "archive.db", handbook=HANDBOOK) as opened:
        yield opened


def test_there_are_at_least_eight_threads_each_with_its_own_title() -> None:
    assert len(FILES) >= 8
    assert len({thread_of(name).title for name in FILES}) == len(FILES)


@each_file
def test_a_file_is_one_complete_thread_with_rising_numbers(name: str) -> None:
    thread = thread_of(name)
    assert thread.completeness is Completeness.COMPLETE
    assert thread.title
    assert thread.author == "bobbin"
    numbers = [post.number for post in thread.posts]
    assert numbers == list(range(1, len(thread.posts) + 1))
    assert 6 <= len(numbers) <= 14


@each_file
def test_no_line_of_a_file_is_lost_and_no_line_is_blank(name: str) -> None:
    _, _, body = (HANDBOOK / name).read_text(encoding="utf-8").split("---\n", 2)
    lines = [line for line in body.splitlines() if not re.fullmatch(r"/(?:\d+|END)", line)]
    assert [line for post in thread_of(name).posts for line in post.text.split("\n")] == lines
    assert all(line.strip() for line in lines)


@each_file
def test_every_post_fits_into_280_characters(name: str) -> None:
    assert [post.number for post in thread_of(name).posts if len(post.text) > LONGEST_POST] == []


def test_some_posts_have_more_than_one_paragraph() -> None:
    posts = [post for name in FILES for post in thread_of(name).posts]
    assert sum("\n" in post.text for post in posts) >= 5


@each_file
def test_every_command_and_option_of_the_terminal_that_is_named_exists(name: str) -> None:
    for post in thread_of(name).posts:
        for command, rest in re.findall(r"\bbobbin ([a-z][a-z-]*)((?:(?!\bbobbin )[^\n])*)", post.text):
            assert command in COMMANDS
            assert set(re.findall(r"(?<!\S)--?[a-z][a-z-]*", rest)) <= options_of(command)


@each_file
def test_every_setting_that_is_named_exists(name: str) -> None:
    text = "\n".join(post.text for post in thread_of(name).posts)
    assert set(re.findall(rf"\b{PREFIX}[A-Z_]+\b", text)) <= SETTINGS


@each_file
def test_every_command_of_discord_that_is_named_exists_or_is_known_to_come(name: str, tmp_path: Path) -> None:
    text = "\n".join(post.text for post in thread_of(name).posts)
    named = set(re.findall(r"(?<![\w/.])/([a-z][a-z-]+)", text))
    assert named <= slash_commands(tmp_path) | TO_COME


def test_a_command_that_is_to_come_is_announced_as_not_there_yet(tmp_path: Path) -> None:
    assert not TO_COME & slash_commands(tmp_path)
    posts = [post.text for name in FILES for post in thread_of(name).posts]
    for command in TO_COME:
        first = next(text for text in posts if f"/{command}" in text)
        assert "Not yet" in first


@pytest.mark.parametrize(("question", "about"), QUESTIONS.items())
def test_a_question_finds_the_right_thread_among_its_first_three_excerpts(
    archive: Archive, question: str, about: str
) -> None:
    answer = archive.ask(question, archive.catalog.handbook_scope(), limit=3)
    assert thread_of(f"{about}.txt").id in {excerpt.thread.id for excerpt in answer.excerpts}


def test_nearly_every_question_finds_the_right_thread_first(archive: Archive) -> None:
    answers = {question: archive.ask(question, archive.catalog.handbook_scope()) for question in QUESTIONS}
    missed = [
        question
        for question, about in QUESTIONS.items()
        if not answers[question].excerpts
        or answers[question].excerpts[0].thread.id != thread_of(f"{about}.txt").id
    ]
    assert len(missed) <= len(QUESTIONS) // 10, missed
    # Of questions in common words alone, the thread is shown as the closest.
    assert sum(answer.answered for answer in answers.values()) >= 0.8 * len(QUESTIONS)


@pytest.mark.parametrize(
    "question", ["How do I bake sourdough bread?", "Who won the football match yesterday?", "qwxz blorp"]
)
def test_a_question_about_something_else_is_not_answered(archive: Archive, question: str) -> None:
    assert not archive.ask(question, archive.catalog.handbook_scope()).answered
