"""Forms that are known and not read: refused with a reason of their own, and with what to save instead."""

import pytest

from retrieval.errors import RejectedError, UnknownFormError
from retrieval.formats.import_types import Limits, SavedFile
from retrieval.ingest.expand import read_outcomes
from retrieval.readers.registry import read

POSTS = {
    "nitter.html": b'<div class="timeline-item "><div class="tweet-content media-body">A lamp.</div></div>',
    "xcancel.html": b"<div class='timeline-item'><div class='tweet-content media-body'>A lamp.</div></div>",
    "threads.html": b'<html><div class="pam _3-95 _2ph- _a6-g uiBoxWhite noborder">A lamp. 1/2</div></html>',
    "getRecord.json": b'{"uri": "at://did:plc:a/app.bsky.feed.post/1", "cid": "b", "value": '
    b'{"$type": "app.bsky.feed.post", "text": "A lamp."}}',
    "comments.jsonl": b'{"author": "a", "subreddit": "lamps", "link_id": "t3_x", "body": "A lamp. 1/2"}\n'
    * 2,
    "threads_and_replies.json": b'{"text_post_app_text_posts": [{"media": [{"title": "A lamp. 1/2"}]}]}',
    "listRecords.json": b'{"records": [{"uri": "at://did:plc:a/app.bsky.feed.post/1", "cid": "b", "value": '
    b'{"$type": "app.bsky.feed.post", "text": "A lamp."}}], "cursor": "1"}',
    "repo.car": b"\x3a\xa2eroots\x81\xd8*X%\x00\x01q\x12 " + bytes(range(64)),
    "tweets.csv": b'"tweet_id","in_reply_to_status_id","timestamp","text"\n"1","","2013","A lamp."\n',
    "reddit.json": b'{"kind": "Listing", "data": {"children": [{"kind": "t3", "data": {"selftext": "A"}}]}}',
    "casts.json": b'{"messages": [{"data": {"fid": 2, "castAddBody": {"text": "A lamp."}}, "hash": "0x1"}]}',
    "discord.txt": b"=" * 62
    + b"\nGuild: Lamps\nChannel: general\n"
    + b"=" * 62
    + b"\n\n[01/01/2026 10:00] ada\nA 1/2\n",
    "discord.html": b"<!DOCTYPE html><html><body><div class=chatlog__message-group>A 1/2</div></body></html>",
    "discord.csv": b'AuthorID,Author,Date,Content,Attachments,Reactions\n"1","ada","2026","A lamp.","",""\n',
}
DOCUMENTS = {
    "page.pdf": b"%PDF-1.4\n1 0 obj\n(A lamp. 1/2) Tj\n",
    "page.rtf": rb"{\rtf1\ansi A lamp. 1/2\par B. 2/2}",
    "page.webarchive": b"bplist00\xd1\x01\x02_\x10\x0fWebMainResource<html>1/2</html>",
    "page.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99),
    "page.txt.bz2": b"BZh91AY&SY" + bytes(50),
}


@pytest.mark.parametrize("name", POSTS)
def test_a_form_of_posts_that_is_not_read_says_so_wherever_it_is(name: str) -> None:
    with pytest.raises(RejectedError) as refused:
        read(SavedFile(name, POSTS[name]))
    assert any(word in refused.value.reason for word in ("import", "save", "copy", "Copy"))
    (outcome,) = read_outcomes(SavedFile(name, POSTS[name], named=False), Limits())
    assert outcome.error == refused.value.reason


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_of_another_program_is_refused_by_itself_and_left_out_of_a_folder(name: str) -> None:
    with pytest.raises(UnknownFormError) as refused:
        read(SavedFile(name, DOCUMENTS[name]))
    assert any(word in refused.value.reason for word in ("save", "unpack"))
    (outcome,) = read_outcomes(SavedFile(name, DOCUMENTS[name], named=False), Limits())
    assert (outcome.error, outcome.skipped) == (None, refused.value.reason)
