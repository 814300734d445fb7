# Quotations held against the archive: what each result says.

quotes-exact = **Exact.** A post of this archive holds it, character by character.
quotes-same = **The same but for typography.** A post of this archive holds these words; only marks, dashes, case, spaces or shortened links differ.
quotes-altered = **Altered.** No post of this archive holds it like this. The nearest:
quotes-apart = **Altered.** No thread of this archive holds its parts in this order. Each by itself:
quotes-absent = **Not in this archive.** That says nothing about whether it was written elsewhere.
quotes-short = **Too short to check.** Texts of fewer than 4 words or 20 characters are the same by chance.
quotes-part-exact = exact
quotes-part-same = the same but for typography
quotes-part-altered = altered
quotes-part-absent = not in this archive
quotes-part-short = too short by itself
quotes-author-matches = The claimed author, { $author }, is the one of the archive.
quotes-author-differs = The claimed author is { $author }; in the archive it is { $known }.
quotes-author-unknown = The claimed author is { $author }; the archive cannot tell whether that is so.
quotes-places = { $count ->
    [one] It stands in { $count } place.
   *[other] It stands in { $count } places; one of them is shown.
}
quotes-difference = Struck out is the quotation’s, bold the archive’s: { $words }
quotes-no-quote = There is no text in that message that could be checked.
quotes-more = { $count ->
    [one] { $count } more quotation is left out.
   *[other] { $count } more quotations are left out.
}
