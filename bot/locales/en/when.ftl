# Who said some words first, by the dates that the archive knows.

when-first = The first in this archive, { $date }:
when-authors = The first of each other author:
when-author-unknown = author unknown
when-none = No post of this archive says “{ $words }”.
when-counted = { $count ->
    [one] { $count } post says it; its month:
   *[other] { $count } posts say it; by month:
}
when-undated = { $count ->
    [one] { $count } post that says it has no known date, so it may be earlier:
   *[other] { $count } posts that say it have no known date, so any may be earlier:
}
when-all = All of them
when-covered = This archive covers { $first } to { $last }; of its { $posts } posts { $undated } have no known date.
when-covered-nothing = No post of this archive has a known date.
when-described = Posts by month that say: { $words }
when-then = Then
when-now = Now
when-about-none = No post by { $author } in this archive is about “{ $words }”.
when-about = { $count ->
    [one] { $count } post by { $author } is about “{ $words }”; without a known date: { $undated }.
   *[other] { $count } posts by { $author } are about “{ $words }”; without a known date: { $undated }.
}
when-edited = Another wording, read { $date }: { $words }
