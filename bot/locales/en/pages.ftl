# What pages in a browser say.

page-skip = Skip to the content
page-nav = Pages
page-threads = Threads
page-authors = Authors
page-trend = Trend
page-home = To the first page
page-question = Question
page-question-hint = What do you want to know?
page-ask = Ask
page-footer = Bobbin quotes posts word for word and makes nothing up.
page-feed = Feed of new threads
page-feed-title = New threads
page-front-title = Ask the archive

page-all-authors = All authors
page-all-threads = All threads
page-collections = Collections
page-handbook = The archive is empty, so this is Bobbin’s handbook.
page-untitled = Untitled thread
page-no-authors = No author is known here.
page-preview = preview
page-fragment = fragment
page-preview-note = This is a preview: only the first posts of the thread are in the archive.
page-preview-end = The thread goes on, but the rest is not in the archive.
page-fragment-note = This is a fragment: other posts of the thread are not in the archive.
page-private-note = This thread belongs to one server. Its address works for 24 hours; everyone who has it can read the thread.
page-digests = Digests
page-digest-feed = Feed of these digests
page-digest-note = These pages belong to one server. Their addresses do not expire; everyone who has one can read them. What has been taken out of the archive is gone from them.
page-digest-gone = { $count ->
    [one] One thread of this digest has been taken out of the archive.
   *[other] { $count } threads of this digest have been taken out of the archive.
}
page-gap = { $count ->
    [one] { $count } post is missing here
   *[other] { $count } posts are missing here
}
page-highlighted = { $count ->
    [one] The words stand in { $count } post.
   *[other] The words stand in { $count } posts.
}
page-first-found = Go to the first
page-link-to-post = Link to post { $ordinal }
page-numbered = numbered { $number }
page-attached-image = Picture:
page-attached-video = Video:
page-attached-quoted = Quoted post:
page-attached-link = Link:
page-original = Original
page-original-of = Original of post { $ordinal }
page-forms = As
page-form-txt = text
page-pager = Pages of the list
page-back = ‹ Back
page-further = Further ›
page-of = { $page } of { $pages }

page-place = Post { $ordinal } of { $length }
page-more = More quotes
page-corrected = Searched as:
page-nothing-found = I looked through the archive and found nothing about that, so I will not guess. Try other words, fewer words, or a name.
page-did-you-mean = Did you mean:
page-closest = No post answers this for certain. The closest:
page-words-known = The archive knows:
page-words-unknown = No post holds:
page-score = Score { $score }
page-score-explained = What the score is made of: the BM25 shares of the question’s words, then what else counts.
page-share = Share
page-share-of = Word or sign
page-share-post = words of the post
page-share-context = words around it
page-share-thread = words of the thread
page-share-pairs = neighbouring words
page-share-grams = runs of letters
page-share-answer = the kind of answer asked for
page-share-first = it opens its thread
page-share-conversation = quoted before
page-share-phrase = the very words

page-trend-of = Trend of
page-trend-hint = How often was a word posted about?
page-trend-show = Show
page-trend-picture = Bars: posts in each month
page-trend-caption = { $count ->
    [one] { $count } post with a known date.
   *[other] { $count } posts with a known date, by month.
}
page-trend-undated = { $count ->
    [one] { $count } more has no known date.
   *[other] { $count } more have no known date.
}
page-trend-none = No post holds these words.
page-trend-table = The same as a table
page-trend-posts = Posts
page-trend-ask = Ask the archive about it
page-month = Month

page-several-title = Several threads open alike
page-several = This address once showed one of these threads. Which one is no longer known.
page-several-more = { $count ->
    [one] and one more.
   *[other] and { $count } more.
}

page-error-reference = Reference for the operator: { $reference }
page-error-wrong-title = That cannot be asked
page-error-wrong = The address is not one that Bobbin understands.
page-error-not-found-title = Nothing here
page-error-not-found = There is no such page, or its address has expired.
page-error-method-title = Pages can only be read
page-error-method = This address takes no changes.
page-error-long-title = A very long question
page-error-long = A question may have up to 1,000 characters. Two or three telling words often find more.
page-error-host-title = Not under this name
page-error-host = These pages are for this machine alone: open them at localhost. The operator sets BOBBIN_PUBLIC_URL for pages that others open.
page-error-often-title = Too many requests
page-error-often = A little slower, please: try again in a moment.
page-error-busy-title = Busy
page-error-busy = Bobbin cannot answer this very moment. Try again in a few seconds.
page-error-other-title = Something went wrong
page-error-other = It has been written down; please try again in a moment.

page-description = Questions answered with word-for-word quotes from an archive of saved threads.
page-about = This is an archive of saved threads. Ask it a question and Bobbin quotes the posts that answer it, word for word; no text is generated.
page-examples = For example:
page-by = by
page-more-authors = { $count ->
    [one] and one more
   *[other] and { $count } more
}
page-period = from { $first } to { $last }
page-arrived = Added last
page-languages = Languages
page-threads-description = { $count ->
    [one] A list of one saved thread.
   *[other] A list of { $count } saved threads.
}
page-author-description = { $count ->
    [one] One saved thread by { $name }.
   *[other] { $count } saved threads by { $name }.
}
page-filter = Filter and sort
page-filter-words = Words in title, opening or author
page-filter-author = Author
page-filter-collection = Collection
page-filter-all = All
page-filter-since = Posted since
page-filter-until = Posted until
page-filter-show = Show the list
page-filter-none = No thread is like that.
page-sort = Sort by
page-sort-date = date, newest first
page-sort-arrival = arrival in the archive, last first
page-sort-length = length, longest first
page-sort-title = title, A to Z
page-author-search = Find an author
page-author-find = Find
page-no-such-author = No author has that in the name.
page-cite = Cite
page-cite-title = Cite: { $title }
page-as-file = As a file
page-source = Source:
page-within = Search in this thread
page-within-find = Search
page-within-none = No post of this thread holds these words.
page-match-before = ‹ previous match
page-match-after = next match ›
page-later = { $count ->
    [one] One post on a later page
   *[other] { $count } posts on later pages
}
page-neighbours = Threads of the same author
page-thread-before = Previous thread:
page-thread-after = Next thread:
page-related = Related threads
page-why = Why this quote?
page-why-words = Words of the question that led here:
page-why-signs = What counted besides:
page-feed-more = The whole thread

page-verify = Verify
page-verify-title = Check a quotation
page-verify-hint = The quotation; … or [...] stands for what it leaves out
page-verify-author = Who is said to have written it (optional)
page-verify-show = Check
page-verify-exact = Exact: a post of this archive holds it, character by character.
page-verify-same = The same but for typography: a post of this archive holds these words; only marks, dashes, case, spaces or shortened links differ.
page-verify-altered = Altered: no post of this archive holds it like this. The nearest:
page-verify-apart = Altered: no thread of this archive holds its parts in this order. Each by itself:
page-verify-absent = Not in this archive. That says nothing about whether it was written elsewhere.
page-verify-short = Too short to check: texts of fewer than 4 words or 20 characters are the same by chance.
page-verify-part-exact = exact
page-verify-part-same = the same but for typography
page-verify-part-altered = altered
page-verify-part-absent = not in this archive
page-verify-part-short = too short by itself
page-verify-claimed = Claimed author:
page-verify-author-matches = It is the one of the archive.
page-verify-author-differs = In the archive it is
page-verify-author-unknown = The archive cannot tell whether that is so.
page-verify-difference = Struck out is the quotation’s, underlined the archive’s.
page-verify-places = { $count ->
    [one] It stands in { $count } place.
   *[other] It stands in { $count } places; one of them is shown.
}

page-when = First mention
page-when-of = First mention of
page-when-hint = Who said it first? The words as they are written
page-when-show = Find
page-when-none = No post of this archive says this.
page-when-first = The first in this archive
page-when-authors = The first of each author
page-when-author-unknown = author unknown
page-when-months = By month
page-when-undated = { $count ->
    [one] { $count } post without a known date, which may be earlier
   *[other] { $count } posts without a known date, any of which may be earlier
}
page-when-more = { $count ->
    [one] { $count } more is in the CSV.
   *[other] { $count } more are in the CSV.
}
page-when-csv = All as CSV
page-when-covered = This archive covers { $first } to { $last }.
page-when-covered-undated = { $count ->
    [one] { $count } of its posts has no known date.
   *[other] { $count } of its posts have no known date.
}
page-when-author = Of one author: then and now (optional)
page-when-then = Then
page-when-now = Now
page-when-about-none = No post by this author in this archive is about this.
page-when-about = { $count ->
    [one] { $count } post by this author is about this.
   *[other] { $count } posts by this author are about this.
}
page-when-edited = Another wording, read
