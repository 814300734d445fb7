# Threads: their heads, their pages, lists of them.

thread-untitled = Untitled thread
thread-preview = preview
thread-fragment = fragment
thread-extent-preview = { $count ->
    [one] preview: only the first post is known
   *[other] preview: only the first { $count } posts are known
}
thread-extent-fragment = { $count ->
    [one] fragment: { $count } post known, others are missing
   *[other] fragment: { $count } posts known, others are missing
}
thread-place = post { $place } of { $length }
thread-place-in-preview = post { $place } of a preview
thread-place-in-fragment = post { $place } of a fragment
thread-place-numbered = numbered { $number }
thread-missing-here = { $count ->
    [one] { $count } post missing here
   *[other] { $count } posts missing here
}
thread-nothing-to-show = (nothing in this post can be shown)
thread-continued = continued
thread-continues = continues on the next page
thread-quoted-post = the quoted post
thread-ends-preview = This is a preview: the thread goes on, but the rest is not in the archive.
thread-ends-fragment = This is a fragment: other posts of the thread are not in the archive.
thread-page = page { $page } of { $pages }
thread-original = Original
thread-first = First
thread-previous = Previous
thread-next = Next
thread-last = Last
thread-open = Open

threads-list = Threads
threads-more = and { $count } more: `/thread` finds them by title, author or words
threads-none = There are no threads here yet.

threads-closest = No thread of that name is here. These come closest:
threads-alike = Several threads open alike. You may mean one of these:
threads-no-such = There is no such thread here. Begin to type a title, an author or a few words, and choose from the list.
thread-no-such-post = This thread has no post { $number }; it has { $length }.

threads-newest = Newest threads
threads-by = Threads by { $author }
threads-by-chance = Threads by chance
threads-of = collection { $collection }
threads-others = Others
threads-sort-date = newest first
threads-sort-arrival = last added first
threads-sort-length = longest first
threads-sort-title = by title, A to Z
threads-sorted-date = Newest threads
threads-sorted-arrival = Threads added last
threads-sorted-length = Longest threads
threads-sorted-title = Threads by title
threads-titled = “{ $words }”
threads-since = from { $day }
threads-until = to { $day }
threads-no-day = “{ $typed }” is no day that I can read. Write it like 2023, 2023-05 or 2023-05-17.
threads-none-such = There are no such threads here. Choose author and collection from the list, or try fewer words and another time.
