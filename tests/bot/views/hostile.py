"""Text that tries to be markup, and threads, posts and excerpts made of it."""

from datetime import UTC, datetime

from hypothesis import strategies as st

from retrieval.model import Completeness, Excerpt, Post, Thread, ThreadSummary

__all__ = ["excerpts", "pages", "summaries", "texts", "threads"]

SOUP = (
    "[a](https://evil.example)",
    "[a](<https://evil.example>)",
    "<@1>",
    "<@!1>",
    "<@&1>",
    "<#1>",
    "</ask:1>",
    "<id:customize>",
    "@everyone",
    "@here",
    "<t:1700000000:R>",
    "<:a:1>",
    "<a:b:1>",
    ":smile:",
    "```py\n",
    "```",
    "`",
    "||",
    "**",
    "*",
    "__",
    "_",
    "~~",
    "# ",
    "-# ",
    "- ",
    "1. ",
    "> ",
    ">>> ",
    "https://example.com/a_b*c?d",
    "<https://example.com>",
    "mailto:a@example.com",
    "\\",
    "\n",
    "\r\n",
    "\u2028",
    "\t",
    "  ",
    "\u202e",
    "\u2066",
    "\u200b",
    "\u200d",
    "\ufe0f",
    "\ud800",
    "\x1b[31m",
    "\U000e0041",
    "👩‍👩‍👧",
    "❤️",
    "🇩🇪",
    "e\u0301",
    "日本語",
    "word",
    "don’t",
)

texts = st.lists(st.sampled_from(SOUP) | st.text(max_size=8), max_size=25).map("".join)

_numbers = st.none() | st.integers(1, 10**18)
_names = st.none() | texts | st.sampled_from(["someone", "@some_one", "Some One"])
_urls = (
    st.none()
    | texts
    | st.sampled_from(["https://example.com/1", "https://example.com/" + "a" * 600, "javascript:a"])
)
_times = st.none() | st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1)).map(  # noqa: DTZ001 - UTC is given next
    lambda moment: moment.replace(tzinfo=UTC)
)
_posts = st.builds(Post, st.just(1), texts, _numbers, url=_urls, posted_at=_times, author=_names)


@st.composite
def threads(draw: st.DrawFn, posts: st.SearchStrategy[Post] = _posts, most: int = 8) -> Thread:
    drawn = draw(st.lists(posts, min_size=1, max_size=most))
    return Thread(
        tuple(
            Post(place, post.text, post.number, url=post.url, posted_at=post.posted_at, author=post.author)
            for place, post in enumerate(drawn, 1)
        ),
        completeness=draw(st.sampled_from(Completeness)),
        author=draw(_names),
        title=draw(_names),
        url=draw(_urls),
        posted_at=draw(_times),
    )


@st.composite
def summaries(draw: st.DrawFn) -> ThreadSummary:
    return draw(threads(most=2)).summary()


@st.composite
def excerpts(draw: st.DrawFn, thread: Thread | None = None) -> Excerpt:
    thread = thread or draw(threads())
    post = draw(st.sampled_from(thread.posts))
    if draw(st.booleans()):
        post = Post(post.ordinal, post.text * 90, post.number, url=post.url)
    start, end = sorted(draw(st.tuples(*[st.integers(0, len(post.text))] * 2)))
    edges = sorted(draw(st.sets(st.integers(0, end - start), max_size=8)))
    highlights = tuple(zip(edges[::2], edges[1::2], strict=False))
    return Excerpt(post, thread.summary(), start, end, highlights)


@st.composite
def pages(draw: st.DrawFn, most: int) -> list[Excerpt]:
    few = draw(st.lists(threads(most=2), min_size=1, max_size=2))
    return draw(st.lists(st.sampled_from(few).flatmap(excerpts), min_size=1, max_size=most))
