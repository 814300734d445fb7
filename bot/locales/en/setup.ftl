# The first day in a server: the setup card.

setup-title = Hello, I am { $name }
setup-what = I answer questions with quotes, word for word, out of saved threads. Three steps set me up here:
setup-threads = Add threads
setup-threads-open = Nothing can be asked here yet.
setup-threads-done = { $threads } can be asked here.
setup-threads-do = Add threads
setup-threads-how = **Add threads:** attach a file to `/archive add`. Its threads can be asked in this server, and in no other.
setup-threads-saved = What works: saved pages of unrolled threads (text, HTML, Markdown), account exports of X and Mastodon, and zips of these.
setup-threads-operator = Threads for every server are imported by the operator of this bot, with `bobbin import`.
setup-places = Choose channels and roles
setup-places-open = Everybody may ask me in every channel.
setup-places-done = Chosen; the panel shows how.
setup-places-do = Choose
setup-digest = Set up the digest
setup-digest-open = Once a day: what is new, and one thread from the archive.
setup-digest-done = It is set up; `/digest status` says when the next one comes.
setup-digest-do = Set up
setup-again = `/setup` shows this again. Ask me by a mention, a reply, or `/ask`.
setup-form-channel = Channel
setup-form-at = Time
setup-form-timezone = Time zone
setup-zone-hint = Berlin, New York, UTC+2 …
