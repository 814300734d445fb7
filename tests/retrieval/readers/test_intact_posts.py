"""An intact post is one that parses alone as its form: what damage around it leaves of it is kept."""

import json
from collections.abc import Mapping
from itertools import permutations
from typing import Any

import pytest

from retrieval.formats.import_types import SavedFile
from retrieval.readers.registry import read, readers
from tests.benchmarks.fuzz import SAMPLES, Sample, samples


def words(content: str, name: str = "posts.json") -> set[str]:
    """Return the first lines of all posts that are read."""
    reading = read(SavedFile(name, content.encode()))
    return {post.text.partition("\n")[0] for thread in reading.threads for post in thread.posts}


def sample(name: str) -> str:
    return (SAMPLES / name).read_text()


@pytest.mark.parametrize(
    "name", ["bluesky_thread.json", "mastodon_context.json", "x_api_page.json", "x_browser.json"]
)
def test_a_brace_too_few_loses_no_other_post(name: str) -> None:
    text = sample(name)
    whole = words(text)
    places = [place for place, letter in enumerate(text) if letter in "{}"]
    for place in places[:: max(1, len(places) // 25)]:
        assert len(whole - words(text[:place] + " " + text[place + 1 :])) <= 1, text[place - 60 : place + 60]


def test_posts_under_a_damaged_name_are_found() -> None:
    text = sample("bluesky_thread.json")
    for name in ("post", "replies", "thread"):
        assert words(text.replace(f'"{name}"', f'"{name}x"', 1)) == words(text)


def test_a_name_that_occurs_twice_hides_nothing() -> None:
    text = sample("mastodon_context.json")
    assert text.rstrip().endswith("}")
    assert words(text.rstrip()[:-1] + ', "status": {"id": "1101", "created_at": "2023-0"}}') == words(text)


def snscrape(**fields: Any) -> Mapping[str, Any]:
    number = 1_670_000_000_000_000_000 + len(str(fields))
    return {"id": number, "conversationId": number, "user": {"username": "ada"}, "rawContent": "A."} | fields


def test_what_a_damaged_post_quotes_is_no_post_of_the_file() -> None:
    quoted = {"id": 55, "rawContent": "Of another.", "user": {"username": "bo"}, "conversationId": 55}
    good = json.dumps(snscrape(rawContent="Of one's own."))
    broken = json.dumps(snscrape(rawContent="Torn.", quotedTweet=quoted)).replace('"Torn."', '"Torn.')
    assert words(f"{good}\n{broken}\n", "posts.jsonl") == {"Of one's own."}


def test_a_line_break_that_is_lost_loses_no_post() -> None:
    lines = sample("snscrape.jsonl").splitlines()
    for place in range(1, len(lines)):
        glued = "\n".join([*lines[: place - 1], lines[place - 1][:-9] + lines[place], *lines[place + 1 :]])
        assert len(words(sample("snscrape.jsonl"), "a.jsonl") - words(glued, "a.jsonl")) <= 1


def test_two_highlights_in_one_line_are_two_posts() -> None:
    text = sample("readwise_logseq.md")
    assert words(text.replace(")\n\t- In", ") \t- In"), "a.md") >= {
        "The next eleven keepers drew one, too.",
        "Nobody reads the books, but everybody writes in them.",
    }


def test_a_damaged_copy_of_a_post_does_not_take_its_place() -> None:
    lines = sample("x_api.jsonl").splitlines()
    copy = lines[1].replace('"author_id": "1001"', '"author_id": "100199"').replace("books", "bo9ks")
    assert words("\n".join([copy, *lines]), "a.jsonl") >= words("\n".join(lines), "a.jsonl")


@pytest.mark.parametrize("handle", ["ada_lacee", "adalace", "ada_lac"])
def test_a_letter_too_much_or_too_few_in_a_handle_ends_no_thread(handle: str) -> None:
    text = sample("copied_x.txt")
    broken = text.replace("@ada_lace\n·\nJun 19", f"@{handle}\n·\nJun 19")
    assert words(broken, "a.txt") == words(text, "a.txt")


@pytest.mark.parametrize("value", [[], {}, None, 5, True])
def test_a_reference_of_a_kind_that_is_no_text_is_none(value: object) -> None:
    lines = sample("x_api.jsonl").splitlines()
    broken = lines[1].replace('"type": "replied_to"', f'"type": {json.dumps(value)}')
    assert broken != lines[1]
    assert words("\n".join([lines[0], broken, *lines[2:]]), "a.jsonl") >= {
        "The harbour office keeps one book for every lamp on the quay.",
        "In 1931 a keeper drew a cat into book seven.",
    }


def test_a_post_that_damage_put_in_the_place_of_a_quote_is_kept() -> None:
    text = sample("x_browser.json")
    ends = [at for at in range(len(text)) if text.startswith('"quoted_status": null\n },', at)]
    assert len(ends) > 3
    for at in ends:
        torn = text[:at] + text[at:].replace("null\n },", "", 1)
        assert len(words(text) - words(torn)) <= 1, text[at - 60 : at + 60]


def test_posts_that_damage_put_among_a_page_s_accounts_are_kept() -> None:
    page = json.loads(sample("x_api_page.json"))
    first, *others = page["data"]
    torn = json.dumps({"data": [first], "includes": {"users": [*page["includes"]["users"], *others]}})
    found = words(torn.replace('"data": [', '"data": [{"text": "A mil: ', 1))
    assert found >= words(json.dumps(page | {"data": others}))


def test_a_damaged_page_of_the_x_api_still_says_whose_its_posts_are() -> None:
    torn = sample("x_api_page.json").replace('"text": "', '"\n"text": "', 1)
    reading = read(SavedFile("page.json", torn.encode()))
    assert {post.author for thread in reading.threads for post in thread.posts} == {"@ada_lace"}


def test_a_permalink_that_is_damaged_costs_no_other_post() -> None:
    text = sample("archive_parser.md")
    whole = words(text, "a.md")
    for at in [at for at in range(len(text)) if text.startswith("0000 2023](https", at)]:
        assert words(text[:at] + "\n" + text[at + 20 :], "a.md") == whole


def test_a_head_that_lost_its_name_takes_no_post_for_it() -> None:
    text = sample("copied_x.txt")
    head = "\nAda Lace\n@ada_lace\n·\nJun 20, 2023\n"
    torn = text.replace(f"seven.\n3\n9\n1.2K{head}", f"seven.\n{head.removeprefix(chr(10) + 'Ada Lace')}")
    assert torn != text
    assert words(torn, "a.txt") >= {"In 1931 a keeper drew a cat into book seven."}


def test_a_record_of_a_damaged_part_does_not_take_the_place_of_a_whole_part_s() -> None:
    number = "1400000251658240000"
    post = {"id_str": number, "created_at": "Wed Jun 02 08:04:05 +0000 2021", "full_text": "The lamp."}
    torn = post | {"full_text": "The lampost that is gone.", "in_reply_to_status_id_str": "55"}
    parts = {
        "data/tweets.js": f"window.YTD.tweets.part0 = {json.dumps([{'tweet': post}])}",
        "data/tweets-part1.js": f"window.YTD.tweets.part1 = [{json.dumps({'tweet': torn})}, {{",
    }
    bundle = Sample("export", {name: content.encode() for name, content in parts.items()})
    reading = read(bundle.file())
    assert [post.text for thread in reading.threads for post in thread.posts] == ["The lamp."]


def test_an_answer_to_a_post_whose_author_and_conversation_are_damaged_is_kept() -> None:
    page = json.loads(sample("x_api_page.json"))
    torn = next(post for post in page["data"] if post["id"].endswith("102"))
    del torn["author_id"]
    torn["conversation_id"] = "16700000000000100"
    assert "The next eleven keepers drew one, too." in words(json.dumps(page))


@pytest.mark.parametrize("name", ["bluesky_thread.json", "bluesky_feed.json"])
def test_posts_below_hundreds_of_openings_are_kept(name: str) -> None:
    text = sample(name)
    at = text.index('"post": {', len(text) // 4)
    torn = '"post": {\n     "uri": "at://did:plc:ada/app.bst",\n    ' * 500
    assert len(words(text) - words(text[:at] + torn + text[at:])) <= 1


@pytest.mark.parametrize(
    "head", ["Ada Lace\n@ada_lace\n·\nJun drew", "Ada Lace\n@ada_lace\n*\nJun 17, 2023", "@ada_lace\n·\n1923"]
)
def test_a_page_whose_first_head_is_damaged_is_its_author_s_and_not_of_who_answers(head: str) -> None:
    text = sample("copied_x.txt")
    answer = "Bo Knots\n@bo_knots\n·\nJun 21, 2023\nWhere is that book now?\n1\n2\n3\n"
    first, second = "Ada Lace\n@ada_lace\n·\nJun 17, 2023", "Ada Lace\n@ada_lace\n·\nJun 18, 2023"
    assert text.startswith(first)
    torn = head + text[len(first) :].replace(second, answer * 2 + second)
    assert words(torn, "a.txt") >= {
        "Nobody reads the books, but everybody writes in them.",
        "In 1931 a keeper drew a cat into book seven.",
    }


@pytest.mark.parametrize(
    "torn",
    [
        "Missing some Tweet in this thread? Yo",
        "You can try to force a refresh ",
        "force a refresh - ",
        "Missing some Tweet in this thread?\nTwitter may remove this content at anytime! Save it as PDF fo",
    ],
)
def test_a_post_that_is_glued_to_a_sentence_of_the_page_is_kept(torn: str) -> None:
    text = sample("layout_a.txt")
    page = "Missing some Tweet in this thread? You can try to\nforce a refresh\n"
    assert page in text
    assert "A lighthouse keeper's day begins at dusk." in "\n".join(words(text.replace(page, torn), "a.txt"))


@pytest.mark.parametrize(
    "sentence", ["**Keep Current with [Ada Quill](h", "This Thread may be Removed Anytime"]
)
def test_a_sentence_of_the_page_s_foot_in_its_head_ends_no_thread(sentence: str) -> None:
    text = sample("clipping.md").replace("• • •", "").replace("Missing some Tweet", "Missing")
    torn = text.replace("18,904 views\n", f"18,904 viewm/\n\n{sentence}\n")
    assert "2/ Wool is _not_ felt. I said so in CLOTH.md years ago." in words(torn, "a.md")


def test_a_context_whose_status_lost_its_name_loses_none_of_its_lists() -> None:
    text = sample("mastodon_context.json")
    torn = text.replace('"status": {', "", 1)
    assert torn != text
    assert words(torn) == words(text)


@pytest.mark.parametrize(
    "torn", ["Bo Knots\n@bo_knots\n·\nJun ", "4\nBo Knots\n@bo_knots\n*\nJun 21, 2023\nAd"]
)
def test_a_torn_head_of_who_answers_once_above_all_others_makes_nobody_else_the_author(torn: str) -> None:
    text = sample("copied_x.txt")
    assert words(torn + text[5:], "a.txt") >= {
        "Nobody reads the books, but everybody writes in them.",
        "The next eleven keepers drew one, too.",
    }


@pytest.mark.parametrize("form", sorted(samples()))
def test_a_post_that_got_the_id_of_another_hides_no_post(form: str) -> None:
    reader = next(one for one in readers() if form == one.FORM)
    for held in samples()[form]:
        posts = [post for thread in reader.read(held.file()).threads for post in thread.posts]
        for one, other in permutations(sorted({post.source_id or "" for post in posts} - {""}), 2):
            torn = {name: part.replace(other.encode(), one.encode()) for name, part in held.contents.items()}
            reading = reader.read(held.file(torn))
            kept = {post.text for thread in reading.threads for post in thread.posts}
            # Addresses in the words may hold the id, too.
            assert kept >= {post.text.replace(other, one) for post in posts}, (held.name, one, other)


@pytest.mark.parametrize(
    "address",
    [
        "https://x.com/bo_knots/status/1670000000000000109",
        "https://x.com/bo_knots",
        "https://x.com/ada_lanots [2023-06-18](https://x.com/bo_knots/status/1670000000ce/status/1670000000100",
        "https://x.com/bo_knots/status/16700000000000001\ufffd9",
        "https://x.com/ada_lace/status/1670000000000000109",
        "",
    ],
)
def test_a_damaged_address_of_a_page_puts_no_answer_in_its_thread_s_place(address: str) -> None:
    own = "https://x.com/ada_lace/status/1670000000000000100"
    clipping = sample("web_clipper.md")
    torn = clipping.replace(f'"{own}"', f'"{address}"')
    assert torn != clipping
    assert words(torn, "a.md") == words(clipping, "a.md")
    page = sample("x_page.html")
    torn = page.replace(f"url: {own} ", f"url: {address} ")
    assert torn != page
    if "bo_knots/status/1670000000000000109" not in address:
        # A page names no author beside its address.
        assert words(torn, "a.html") == words(page, "a.html")
