"""Lines for what hangs on a post."""

import pytest

from retrieval.model import Post
from retrieval.readers.attachments import (
    Attachment,
    attachment_line,
    id_without_attachments,
    link_text,
    with_lines,
    without_attachments,
)


@pytest.mark.parametrize(
    ("address", "description", "made"),
    [
        ("https://a.example/i", "A cat\non a  mat", "[image: A cat on a mat]"),
        ("https://a.example/i", "Image", "[image: https://a.example/i]"),
        ("https://a.example/i", None, "[image: https://a.example/i]"),
        ("javascript:alert(1)", "", None),
        (None, None, None),
    ],
)
def test_a_line_tells_a_description_or_an_address(
    address: str | None, description: str | None, made: str | None
) -> None:
    assert attachment_line(Attachment.IMAGE, address, description) == made


def test_lines_come_once_and_an_address_in_the_text_has_none() -> None:
    assert with_lines("a", ["[image: b]", "[image: b]"]) == "a\n[image: b]"
    assert with_lines("see https://a.example", ["[link: https://a.example]"]) == "see https://a.example"
    assert with_lines("", ["[image: b]"]) == "[image: b]"


def test_an_id_is_made_from_words_only_unless_there_are_none() -> None:
    plain = id_without_attachments([Post(1, "Everybody asks how a pillow for bobbin lace is stuffed.")])
    hung = "Everybody asks how a pillow for bobbin lace is stuffed.\n[image: A pillow]"
    assert id_without_attachments([Post(1, hung)]) == plain
    assert without_attachments(hung) == hung.split("\n", 1)[0]
    assert id_without_attachments([Post(1, "[image: b]")]) != id_without_attachments([Post(1, "[image: c]")])


def test_a_link_to_a_post_is_a_quoted_post() -> None:
    assert (
        link_text("this", "https://x.com/q/status/5?s=20")[1]
        == "[quoted post: https://x.com/q/status/5?s=20]"
    )
