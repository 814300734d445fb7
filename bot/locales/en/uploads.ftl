# What a server's admins upload, and what came of it.

uploads-too-large = { $name } has { $size } MiB; an upload may have { $most }. Zip it, split it, or ask the operator to import it.
uploads-full = The threads of this server already hold { $posts } posts, and { $most } are allowed. Remove a file with `/archive remove` first.
uploads-file-or-link = Attach a file, or name a link to a post of Bluesky or Mastodon: one of the two.
uploads-no-words = That message has no text to save.
uploads-busy = Another upload of this server is being read. Wait until it is in.
uploads-collections = This server has { $count } collections, and more are not allowed. Put the file into one of them: { $names }.
uploads-gone = The file could not be fetched from Discord. Upload it once more.
uploads-waiting = { $name }: waiting until another server's upload is in.
uploads-reading = { $name }: { $percent } %, { $count ->
    [one] { $count } post
   *[other] { $count } posts
}
uploads-taking-up = { $name } is in. The search takes it up.
uploads-done = { $name } is in, and can be asked in this server, and in no other.
uploads-failed = { $name } could not be read: { $reason }. Nothing was kept of it.
uploads-no-thread = { $name } shows no sign of a thread: no numbering in sequence, no page that is known, no front matter. Nothing was kept of it.
uploads-nothing-in-it = { $name } holds no thread. Nothing was kept of it.
uploads-plain = Import as plain text
uploads-plain-means = Plain text becomes a thread that everybody who may ask here can read and be quoted.
uploads-plain-too-large = The file is too large to be kept at hand here. Ask the operator to import it as plain text.
uploads-passed-over = Left out, since they show no sign of a thread: { $names }.
uploads-partly = { $name } is in as far as it could be read, and can be asked in this server, and in no other.
uploads-time = Reading { $name } took longer than { $seconds } seconds and was broken off. Split it, or ask the operator to import it.
uploads-room = { $name } would bring this server beyond { $most } posts and was broken off. Remove a file with `/archive remove`, or upload less.
uploads-stopping = I am about to be stopped, so { $name } was broken off. Upload it again in a minute.
uploads-refused = { $name } was broken off: { $reason }. Upload it again once that is mended.
uploads-kept-before = Of the files in it, { $count } are in, and of the others nothing.
uploads-threads = Threads: { $new } new, { $updated } updated, { $unchanged } unchanged.
uploads-posts = Posts: { $new } new, { $updated } updated, { $unchanged } unchanged.
uploads-left-out = Left out: { $what }.
uploads-languages = { $count ->
    [one] Language: { $names }.
   *[other] Languages: { $names }.
}
uploads-warnings = Notes:
uploads-more = and { $count } more

uploads-list = Files of this server
uploads-none = This server has no threads of its own. `/archive add` takes them in from a file.
uploads-file = { $threads }, { $posts } · { $collection } · { $day }
uploads-page = page { $page } of { $pages }
uploads-back = Back
uploads-next = Next

uploads-no-such = This server has no such file. Choose one from the list.
uploads-everything = Everything: { $count } files
uploads-removal = Remove { $name }?
uploads-removal-all = Remove all files of this server?
uploads-removal-takes = That takes out { $threads } with { $posts }, for good.
uploads-removal-changes = { $threads } stay, as other files have them.
uploads-remove = Remove
uploads-keep = Keep
uploads-kept = Nothing was removed.
uploads-removed = Removed: { $threads }, { $posts }. No copy of them is left in the archive.
uploads-removed-not-wiped = Removed: { $threads }, { $posts }. The archive is being read by another program, so its file holds traces until shortly after that program is done.

uploads-export = The threads of { $collection }, one a line. `/archive add` takes the file in again.
uploads-export-none = This server has no collection of that name.
uploads-export-too-large = The export would take more than { $count } files of { $size } MiB. Ask the operator for it.

uploads-stats = What there is to ask in this server
uploads-stats-own = Its own: { $threads } with { $posts }, in { $count ->
    [one] { $count } collection
   *[other] { $count } collections
}. { $room } posts more are allowed.
uploads-stats-public = Open to every server: { $threads } with { $posts }.
uploads-stats-previews = { $count ->
    [one] { $count } thread is known by its first posts only.
   *[other] { $count } threads are known by their first posts only.
}
uploads-stats-judged = Answers judged: { $helpful } times helpful, { $unhelpful } times not.
uploads-stats-unhelpful = Most often not helpful:
uploads-stats-thread = { $title }: { $unhelpful } of { $count } times
uploads-stats-notes = What people wrote with it, without their names, for { $days } days:

uploads-unanswered = Questions without an answer
uploads-unanswered-off = The words of questions without an answer are not kept. `/settings` turns that on.
uploads-unanswered-none = Nothing yet.
uploads-unanswered-line = { $words } · { $count ->
    [one] once
   *[other] { $count } times
}, last { $day }{ $closest ->
    [0] {""}
   *[other] {" "}· closest posts shown: { $closest }×
}
uploads-unanswered-kept = Words are kept for { $days } days, without who asked.

command-archive = archive
command-archive-does = This server's own threads: for its admins.
command-archive-add = add
command-archive-add-does = Take threads in from a file or a link, for this server only.
command-archive-file = file
command-archive-add-file-is = A saved page, an export or a zip, in any form that Bobbin reads
command-archive-link = link
command-archive-add-link-is = A link to a post of Bluesky or Mastodon; its whole thread is fetched
command-archive-collection = collection
command-archive-add-collection-is = The name under which the threads are kept; main if you name none
command-archive-list = list
command-archive-list-does = The files of this server's own threads.
command-archive-remove = remove
command-archive-remove-does = Take a file's threads out of this server's own, for good.
command-archive-remove-file-is = Begin to type its name, and choose from the list
command-archive-export = export
command-archive-export-does = Write this server's own threads into a file.
command-archive-export-collection-is = Which collection; main if you name none
command-archive-stats = stats
command-archive-stats-does = What there is to ask in this server, and how answers are judged.
command-archive-unanswered = unanswered
command-archive-unanswered-does = The words of questions that found nothing here.
