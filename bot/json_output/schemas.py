"""What programs may ask and what they get, as types: the one description that every JSON of Bobbin keeps to.

``bobbin --json``, the addresses below ``/api/v1`` and the tools of ``bobbin mcp`` all give these; OpenAPI and
the tools' schemas are made from them. Times are ISO 8601 in UTC; what is unknown is ``null``.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from retrieval.archive import MAX_QUOTE_LENGTH, MAX_WORDS_LENGTH

__all__ = [
    "Answer",
    "AskInput",
    "FirstMention",
    "Problem",
    "QuoteCheck",
    "ThreadInput",
    "ThreadList",
    "ThreadsInput",
    "Trend",
    "VerifyInput",
    "WhenInput",
    "WholeThread",
    "WordsInput",
]

Slice = Annotated[list[int], Field(min_length=2, max_length=2)]
Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0)]
Words = Annotated[str, Field(min_length=1, max_length=MAX_WORDS_LENGTH)]


class _Closed(BaseModel):
    """Fields that are all there, and no others."""

    model_config = ConfigDict(extra="forbid")


class AskInput(_Closed):
    """A question to the archive."""

    question: str = Field(min_length=1, max_length=1_000, description="What to find out, in plain words.")
    limit: int = Field(8, ge=1, le=50, description="At most so many quotes.")


class VerifyInput(_Closed):
    """A quotation to hold against the archive."""

    quote: str = Field(
        min_length=1,
        max_length=MAX_QUOTE_LENGTH,
        description="The quotation; … or [...] stands for what it leaves out.",
    )
    author: str | None = Field(None, max_length=100, description="Who is said to have written it.")


class ThreadInput(_Closed):
    """A thread to read in full."""

    id: str = Field(
        min_length=1, max_length=1_000, description="Its id, a link to any of its posts, or its title."
    )


class WhenInput(_Closed):
    """Words of which the first mention is looked for."""

    words: Words = Field(description="The words one behind the other, as they are written.")
    limit: int = Field(100, ge=1, le=1_000, description="At most so many posts; the counts are of all.")


class WordsInput(_Closed):
    """Words to count by month."""

    words: Words = Field(description="Words that stand in the same post, whatever their endings.")


class ThreadsInput(_Closed):
    """Which threads to list."""

    author: str | None = Field(None, max_length=200, description="Only the threads of this author.")
    search: str | None = Field(None, max_length=200, description="Words of title, opening or author.")
    sort: Literal["date", "arrival", "length", "title"] = Field("date", description="In which order.")
    limit: int = Field(25, ge=1, le=100, description="At most so many.")
    offset: int = Field(0, ge=0, le=1_000_000, description="Leave out so many at the beginning.")


class Attachment(_Closed):
    """A picture, video, quoted post or link that hangs on a post."""

    kind: str
    address: str | None
    description: str | None


class Post(_Closed):
    """One post; ``text`` is a quotation of its author, word for word."""

    id: str
    ordinal: Count
    number: int | None
    text: str
    url: str | None
    posted_at: str | None
    attachments: list[Attachment]


class ThreadSummary(_Closed):
    """A thread without its posts; ``posts`` is how many there are."""

    id: str
    title: str | None
    author: str | None
    posts: Count
    completeness: Literal["complete", "preview", "fragment"]
    url: str | None


class ListedThread(ThreadSummary):
    """A thread in a list, with its opening words."""

    opening: str
    posted_at: str | None


class Quoted(_Closed):
    """A slice of a post; ``quote`` is a quotation of its author, word for word."""

    quote: str
    post: Post
    thread: ThreadSummary


class Marked(Quoted):
    """A slice of a post with the asked words marked in it, as ``[start, end]`` in code points."""

    highlights: list[Slice]


class Excerpt(Marked):
    """A quote of an answer; ``rank`` counts from 1."""

    rank: Count
    score: float


class _Payload(_Closed):
    """What every answer to a program may have besides.

    ``notice`` says that texts are quotations of others. ``addresses`` are the public pages of the threads by
    their ids, where there are pages.
    """

    notice: str | None = None
    addresses: dict[str, str] = Field(default_factory=dict)


class KnownWords(_Closed):
    """The words of a question by whether any post holds them."""

    known: list[str]
    unknown: list[str]


class Suggestions(_Closed):
    """Words of the archive that are near to unknown ones."""

    terms: list[str]


class Query(_Closed):
    """How a question was understood: the words that are searched, and the operators that filter.

    ``passing`` is how many posts pass the filters, ``null`` without any; ``unheld_phrases`` are quoted
    phrases that no post holds, whose words are searched instead; ``unmet`` are filters that none passes.
    """

    words: str
    filters: list[str]
    unheld_phrases: list[str]
    passing: Count | None
    unmet: list[str]


class Answer(_Payload):
    """What the archive holds on a question."""

    # Explanations (--explain) stand beside these.
    model_config = ConfigDict(extra="allow")

    question: str
    answered: bool
    verdict: Literal["answer", "closest", "nothing"]
    confidence: Share
    corrected: dict[str, str]
    excerpts: list[Excerpt]
    words: KnownWords
    suggestions: Suggestions
    query: Query


class Difference(_Closed):
    """What a quotation and what the archive has, equal or not; either may be empty."""

    quoted: str
    archived: str


Result = Literal["exact", "same", "altered", "absent", "short"]


class QuotePart(_Closed):
    """A part of a quotation, between marks of omission."""

    text: str
    result: Result
    posts: list[Quoted]
    difference: list[Difference]


class QuoteCheck(_Payload):
    """A quotation held against the archive; ``absent`` says that it is not in this archive, no more."""

    quote: str
    result: Result
    author: str | None
    author_matches: bool | None
    together: bool
    places: Count
    parts: list[QuotePart]


class WholeThread(_Payload):
    """A thread with all its posts."""

    thread: ListedThread
    posts: list[Post]


class Mention(Marked):
    """A post that says some words; date and author are its own or its thread's."""

    posted_at: str | None
    author: str | None


class Period(_Closed):
    """What the archive covers: the first mention in it need not be the first anywhere."""

    first: str | None
    last: str | None
    posts: Count
    undated: Count


class Month(_Closed):
    """How many posts there are of a month, as in 2023-12."""

    month: str
    posts: Count


class FirstMention(_Payload):
    """Who said some words when; ``mentions`` are the earliest first, those without a date last."""

    words: str
    total: Count
    undated: Count
    period: Period
    first: Mention | None
    authors: list[Mention]
    months: list[Month]
    mentions: list[Mention]


class Trend(_Payload):
    """How many posts hold some words, by month; ``uncounted`` is why words are not counted at all."""

    words: str
    total: Count
    undated: Count
    uncounted: Literal["common", "wordless"] | None = Field(
        None,
        description='"common": nearly every post holds them, like "the"; "wordless": they hold no word.',
    )
    months: list[Month]


class ThreadList(_Payload):
    """A list of threads; ``total`` counts all that are selected."""

    threads: list[ListedThread]
    total: Count | None = None


class Problem(_Closed):
    """Why there is no answer. A thread that is private and one that is missing give the same."""

    error: Literal["bad_request", "not_found", "ambiguous", "too_many", "unavailable", "failed"]
    message: str
    candidates: list[ListedThread] = Field(default_factory=list)
