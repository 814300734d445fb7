"""Versions of a few threads, as different files might say them, for the tests of what they make."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from retrieval.model import Attachment, AttachmentKind, Completeness, Post, Thread
from retrieval.storage.store import Store

__all__ = ["ANOTHER", "CUT", "EARLY", "OPENING", "preview", "revisions", "said", "thread", "versions"]

OPENING = "Good morning! What happened today, in one thread. Please read to the end."
ANOTHER = "Good morning, what happened today in one thread? Please read to the end…"
LINKED = "1/ Good morning! What happened today, in one thread. Please read to the end. https://t.co/a1"
LEADING = "Good morning! What happened today, in one thread. Please read to the end. https://news.example/day"
CUT = "Good morning! What happened today, in one thread. Plea… https://t.co/x9"
TEXTS = [
    "The bridge is open again.\n[image: A cat]",
    "The bridge is open again.",
    "The bridge stays closed.",
    "Rain.",
    "🧵",
    "",
]
EARLY = datetime(2024, 5, 1, 8, tzinfo=UTC)

times = st.sampled_from([None, EARLY, EARLY + timedelta(days=1), EARLY.replace(hour=0)])
words = st.sampled_from([None, "a", "b"])
attachments = st.lists(
    st.builds(
        Attachment,
        st.sampled_from(AttachmentKind),
        st.sampled_from([None, "https://a.example/1", "https://a.example/2"]),
        st.sampled_from([None, "A cat"]),
    ),
    max_size=2,
).map(tuple)


@st.composite
def versions(draw: st.DrawFn) -> Thread:
    """Draw a version of one of a few threads that all open alike, or nearly so."""
    opening = draw(st.sampled_from([OPENING, ANOTHER, LINKED, LEADING, CUT]))
    texts = [opening, *draw(st.lists(st.sampled_from(TEXTS), max_size=3))]
    posts = tuple(
        Post(
            ordinal,
            text,
            number=draw(st.sampled_from([None, ordinal, ordinal + 1])),
            source_id=draw(st.sampled_from([None, None, "17", "18", "19"])),
            url=draw(words),
            posted_at=draw(times),
            author=draw(words),
            attachments=draw(attachments),
        )
        for ordinal, text in enumerate(texts, 1)
    )
    return Thread(
        posts,
        draw(st.sampled_from(Completeness)),
        author=draw(st.sampled_from([None, "Ada", "@ada", "@bob"])),
        title=draw(words),
        url=draw(words),
        posted_at=draw(times),
    )


def thread(*texts: str, completeness: Completeness = Completeness.COMPLETE) -> Thread:
    """Make a thread of texts alone."""
    return Thread(tuple(Post(ordinal, text) for ordinal, text in enumerate(texts, 1)), completeness)


def preview(*texts: str) -> Thread:
    """Make a preview of texts alone."""
    return thread(*texts, completeness=Completeness.PREVIEW)


def said(*posts: tuple[str, str], completeness: Completeness = Completeness.COMPLETE) -> Thread:
    """Make a thread of texts with the ids of their posts."""
    return Thread(
        tuple(Post(ordinal, text, source_id=name) for ordinal, (text, name) in enumerate(posts, 1)),
        completeness,
    )


def revisions(store: Store) -> dict[int, int]:
    """Return the revision of each collection by its id."""
    return {collection.id: collection.revision for collection in store.catalog.all_collections()}
