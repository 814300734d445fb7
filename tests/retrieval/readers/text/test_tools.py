"""What people's tools make of threads: Readwise, clippers, twitter-archive-parser, and copying by hand."""

import pytest

from retrieval.formats.import_types import Reading, SavedFile
from retrieval.model import Completeness
from retrieval.readers.registry import read
from retrieval.readers.text import archive_parser, copied_x, readwise, web_clipper

LAMPS = ("The lamp on the quay was moved in spring.", "Nobody wrote it down.", "So ships sailed past it.")
FIRST = 1_670_000_000_000_000_000


def url(place: int, handle: str = "keeper") -> str:
    return f"https://x.com/{handle}/status/{FIRST + place}"


def texts(reading: Reading) -> list[list[str]]:
    return [[post.text for post in thread.posts] for thread in reading.threads]


def saved(text: str) -> Reading:
    return read(SavedFile("saved.md", text.encode()))


def obsidian(link: str = "View Tweet", lead: str = "- ") -> str:
    highlights = "\n".join(f"{lead}{words} ([{link}]({url(n)}))" for n, words in enumerate(LAMPS))
    return (
        "# On Lamps\n\n![rw-book-cover](https://a.example/b.jpg)\n\n## Metadata\n"
        f"- Author: [[@keeper on Twitter]]\n- Full Title: On Lamps\n- Category: #tweets\n- URL: {url(0)}\n\n"
        f"## Highlights\n{highlights}\n"
    )


def logseq() -> str:
    highlights = "\n".join(f"\t- {words} ([View Tweet]({url(n)}))" for n, words in enumerate(LAMPS))
    return (
        f'author:: [[@keeper on Twitter]]\nfull-title:: "On Lamps"\ncategory:: [[tweets]]\nurl:: {url(0)}\n\n'
        f"- Highlights first synced by [[Readwise]] [[Jan 5th, 2026]]\n{highlights}\n"
    )


@pytest.mark.parametrize("text", [obsidian(), obsidian("View Post"), obsidian(lead="> "), logseq()])
def test_readwise_s_addresses_part_the_posts(text: str) -> None:
    reading = saved(text)
    assert reading.form == readwise.FORM
    assert texts(reading) == [list(LAMPS)]
    (thread,) = reading.threads
    assert (thread.author, thread.title, thread.url) == ("@keeper", "On Lamps", url(0))
    assert [post.source_id for post in thread.posts] == [str(FIRST + n) for n in range(3)]


def test_a_highlight_of_several_lines_is_one_post_and_notes_are_none() -> None:
    text = obsidian().replace(LAMPS[0], f"{LAMPS[0]}\n\n  It was green.") + "- Note: look this up\n"
    reading = saved(text.replace("\n- Nobody", "\n    - Note: mine\n- Nobody"))
    assert texts(reading)[0][0] == f"{LAMPS[0]}\n\nIt was green."
    assert texts(reading)[0][1:] == list(LAMPS[1:])
    assert sum(part.count for part in reading.left_out) >= 2


def test_tweets_from_an_author_are_threads_of_their_own() -> None:
    assert texts(saved(obsidian().replace("On Lamps", "Tweets From The Keeper"))) == [
        [line] for line in LAMPS
    ]


def archive(*posts: str) -> str:
    return "".join(
        f'> {words}\n\n<img src="media/tweet.ico" width="12" /> [Sat Jun 17 10:0{n}:00 +0000 2023]'
        f"(https://twitter.com/keeper/status/{FIRST + n})\n\n----\n\n"
        for n, words in enumerate(posts)
    )


def test_numbered_posts_of_a_parsed_archive_are_a_thread_and_others_are_not() -> None:
    reading = saved(archive("Good morning.", "Lamps move. 1/2", "Ships do not. 2/2", "Good night."))
    assert reading.form == archive_parser.FORM
    assert texts(reading) == [["Good morning."], ["Lamps move. 1/2", "Ships do not. 2/2"], ["Good night."]]
    assert str(reading.threads[1].posted_at) == "2023-06-17 10:01:00+00:00"
    assert reading.threads[1].posts[1].source_id == str(FIRST + 2)


def test_answers_in_a_parsed_archive_go_on_from_what_they_answer() -> None:
    own = f"Replying to [@keeper](https://twitter.com/keeper/status/{FIRST})\n> Ships do not."
    other = "Replying to [@bo](https://twitter.com/bo/status/55)\n> Indeed."
    reading = saved(archive("Lamps move.", own, other, "RT @bo: Hm."))
    assert texts(reading) == [["Lamps move.", "Ships do not."]]
    assert {part.why for part in reading.left_out} == {
        "reply to another author",
        "repost of another author's post",
    }


def copied(*posts: tuple[str, str], dot: str = "·\n") -> str:
    return "".join(
        f"Name of {who}\n@{who}\n{dot}Jan {n + 1}\n{words}\n1{n}\n2\n1.2K\n"
        for n, (who, words) in enumerate(posts)
    )


def test_a_thread_copied_from_x_is_its_posts_without_names_dates_and_counters() -> None:
    reading = saved(copied(*(("keeper", words) for words in LAMPS)) + "Show replies\n")
    assert reading.form == copied_x.FORM
    assert texts(reading) == [list(LAMPS)]
    assert reading.threads[0].author == "@keeper"
    assert reading.threads[0].completeness is Completeness.COMPLETE
    assert sum(part.count for part in reading.left_out) == 22


def test_answers_of_others_below_a_copied_thread_are_left_out() -> None:
    posts = [("keeper", words) for words in LAMPS]
    reading = saved(copied(*posts, ("bo", "Really?"), ("keeper", "Yes.")))
    assert texts(reading) == [list(LAMPS)]
    assert [part.count for part in reading.left_out][-1] == 2


def test_many_answers_of_one_reader_do_not_take_the_place_of_the_thread() -> None:
    posts = [("keeper", words) for words in LAMPS[:2]]
    reading = saved(copied(*posts, ("bo", "Really?"), ("bo", "And why?"), ("bo", "Since when?")))
    assert texts(reading) == [list(LAMPS[:2])]


def test_two_answers_of_the_author_in_a_row_are_a_fragment() -> None:
    posts = [("keeper", words) for words in LAMPS]
    reading = saved(copied(*posts, ("bo", "Really?"), ("keeper", "Yes."), ("keeper", "Since May.")))
    assert texts(reading) == [list(LAMPS), ["Yes.", "Since May."]]
    assert reading.threads[1].completeness is Completeness.FRAGMENT


def test_paragraphs_and_lone_numbers_inside_a_copied_post_stay() -> None:
    words = f"{LAMPS[0]}\n\n7\n\nThat many."
    assert texts(saved(copied(("keeper", words), ("keeper", LAMPS[1])))) == [[words, LAMPS[1]]]


@pytest.mark.parametrize(
    ("dates", "below"),
    [
        (("5. März 2022", "6. März", "3 Std."), "Antworten anzeigen"),
        (("5 mars 2022", "6 mars", "3 h"), "Voir plus"),
        (("5 мар. 2022 г.", "6 мар.", "3 ч"), "Показать ещё"),
        (("2022年3月5日", "3月6日", "3時間"), "Show replies"),
    ],
)
def test_a_thread_copied_in_another_language_is_read(dates: tuple[str, ...], below: str) -> None:
    shown = zip(dates, LAMPS, strict=True)
    text = "".join(f"Keeper\n@keeper\n·\n{date}\n{words}\n1\n2\n1.234\n" for date, words in shown)
    assert texts(saved(f"{text}{below}\n")) == [list(LAMPS)]


@pytest.mark.parametrize(
    "around",
    [
        "Replying to \n@keeper\n@bo\n{}\n",
        "{}\n12 34 1.2K\n",
        "{}\n3 7 1.2K Show replies\n",
        "{}\nShow replies\nDiscover more\nSourced from across X\n",
    ],
)
def test_what_x_shows_above_and_below_a_copied_post_is_none_of_its_words(around: str) -> None:
    text = "".join(f"Keeper @keeper · Jan {n}\n{around.format(words)}" for n, words in enumerate(LAMPS, 1))
    assert texts(saved(text)) == [list(LAMPS)]


def test_posts_that_the_archive_parser_s_first_versions_wrote_are_read() -> None:
    text = "".join(
        f"> {words}\n\n(Originally on Twitter: [Sat Mar 05 0{n}:00:00 +0000 2022]({url(n)}))\n----\n"
        for n, words in enumerate(LAMPS)
    )
    reading = saved(text)
    assert reading.form == archive_parser.FORM
    assert sorted(texts(reading)) == sorted([words] for words in LAMPS)


def test_a_picture_in_a_highlight_is_its_post_s() -> None:
    reading = saved(obsidian().replace(LAMPS[1], f"{LAMPS[1]}\n  ![A lamp](https://a.example/lamp.jpg)"))
    post = reading.threads[0].posts[1]
    assert post.text.startswith(LAMPS[1])
    assert "![" not in post.text
    assert "A lamp" in post.text


def clipped(*posts: tuple[str, str]) -> str:
    head = f'---\ntitle: "Keeper on X"\nsource: "{url(0)}"\nauthor:\n  - "[[@keeper]]"\n---\n'
    return head + "\n\n---\n\n".join(
        f"**Name** @{who} [2023-06-17]({url(n, who)})\n\n{words}" for n, (who, words) in enumerate(posts)
    )


def test_obsidian_s_web_clipper_names_each_post() -> None:
    reading = saved(clipped(*(("keeper", words) for words in LAMPS), ("bo", "Really?")))
    assert reading.form == web_clipper.FORM
    assert texts(reading) == [list(LAMPS)]
    assert reading.threads[0].author == "@keeper"
    assert reading.threads[0].url == url(0)


@pytest.mark.parametrize("handle", ["lamp_keeper", "_lamp_keeper_", "__k__"])
def test_a_handle_whose_lines_the_clipper_escapes_is_the_handle(handle: str) -> None:
    text = clipped(*(("keeper", words) for words in LAMPS), ("bo_x", "Really?"))
    escaped = handle.replace("_", "\\_")
    text = text.replace("** @keeper [", f"** @{escaped} [").replace("** @bo_x [", "** @bo\\_x [")
    text = text.replace("[[@keeper]]", f"[[@{handle}]]").replace("/keeper/", f"/{handle}/")
    reading = saved(text.replace('"Keeper on X"', '"Keeper on X: \\"The lamp\\" / X"'))
    assert texts(reading) == [list(LAMPS)]
    assert reading.threads[0].author == f"@{handle}"
    assert reading.threads[0].title == 'Keeper on X: "The lamp" / X'


def test_markdownload_s_excerpt_rule_and_escapes_are_no_posts() -> None:
    reading = saved(
        "---\ncreated: 2026-01-04T09:15:58 (UTC -03:00)\ntags: [twitter]\n"
        "source: https://threadreaderapp.com/thread/1.html\nauthor: \n---\n\n"
        "# Thread by @keeper on Thread Reader App – Thread Reader App\n\n"
        "> ## Excerpt\n> @keeper: The lamp on the quay…\n\n---\n"
        "The lamp of \\_the\\_ quay was moved.\n\nNobody knew.\n"
    )
    assert texts(reading) == [["The lamp of _the_ quay was moved.", "Nobody knew."]]
    assert (reading.threads[0].author, reading.threads[0].title) == ("@keeper", "Thread by @keeper")
