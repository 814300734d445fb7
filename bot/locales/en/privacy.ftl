# What Bobbin keeps of whom, for how long, and how it forgets. A sentence a table of its two databases.

command-privacy = privacy
command-privacy-does = What Bobbin keeps of whom, for how long, and how it forgets.
command-privacy-forget = forget-me
command-privacy-forget-is = Forget what can be known of me

privacy-details = Details
privacy-title = What I keep
privacy-never = No question, no answer and no account of the person who asks is stored on the disk; only the search of an alert is, where you make one with `/alert add`. A question is searched on the machine where I run and goes to nobody. I read only what is written to me.
privacy-threads-head = Of authors whose threads are in the archive
privacy-servers-head = Of servers
privacy-of-nobody = Of nobody, for bookkeeping: { $tables }.
privacy-memory = In memory only, gone with a restart: who asked when, where a server has quotas, for a day at most; the latest people's language; which of the latest answers were shared or judged, and by whom.
privacy-discord = In Discord: the buttons below my answers hold their asker's account number and checksums of the words. They go with the message.
privacy-forget-you = Forget me: `/privacy forget-me`. Yours are the threads? The operator takes them out with `bobbin forget @you`, down to the last byte, and they do not come back.
privacy-forget-server = When I leave a server, all that is kept of it is erased after { $days } days, its own threads too; until then it may take me back.
privacy-here-unanswered = In this server, the words of questions that find nothing are kept for its admins, without who asked.

privacy-forgotten = Done. { $count ->
    [0] I knew nothing of you that could be forgotten
    [one] I have forgotten that you asked, once
   *[other] I have forgotten that you asked, { $count } times
}; your language and whatever a table held of your account is forgotten, too. What you wrote with “not helpful” carries no name, so it goes after { $days } days like everybody's.

privacy-table-collections = collections: the names of collections, and the server that one belongs to.
privacy-table-sources = files: the names of imported files, until the file is taken back.
privacy-table-threads = threads: author's name, title, address and time.
privacy-table-posts = posts: text, author's name, address and time.
privacy-table-versions = versions: what each file says of a thread.
privacy-table-keys = keys: checksums by which posts are found again.
privacy-table-links = links: checksums by which links and buttons of earlier find their threads.
privacy-table-separated = separated: which threads an upgrade took apart, by number.
privacy-table-receipts = receipts: what came of each imported file (its name, counts, what was left out and why), until anything is taken back or forgotten.
privacy-table-archive = All of these until their file is taken back, or their author or their server forgotten.
privacy-table-tombstones = tombstones: keyed checksums of forgotten authors, posts, servers and accounts, for good, also in a file beside the database and in every backup, so that nothing comes back, not even with an old backup.

privacy-table-preferences = settings, with the numbers of channels and roles: until I have left.
privacy-table-departures = since when I am no longer in it: { $grace } days.
privacy-table-setup_cards = whether its setup card was shown to an admin: until I have left.
privacy-table-saved_messages = messages whose text an admin saved to the archive, with the account number of their author: until the message is deleted, its author wants it forgotten, or I have left.
privacy-table-followed_accounts = in `servers.db`, the accounts that are followed, and how the looks at them went: until nobody follows them.
privacy-table-follows = whom it follows, into which collection: until that is ended, or I have left.
privacy-table-followed_threads = which of their threads were dealt with: just as long.
privacy-table-fetched_threads = links of threads that are asked for again: until they are taken back, or I have left.
privacy-table-permission_gaps = its name, and which permissions I lack there: until I have left.
privacy-table-unanswered = where its admins want it, words of questions that found nothing, without who asked: { $unanswered } days.
privacy-table-judgements = how often a thread's quotes were called helpful, or not: until I have left.
privacy-table-judgement_notes = what people wrote with “not helpful”, without who wrote it: { $notes } days.
privacy-table-alerts = alerts: the words of a search that a person wants watched, with their account number, where matches go and when not: until they delete it, want to be forgotten, refuse a direct message or leave the server, or I have left.
privacy-table-alert_matches = which threads matched an alert, so that none is reported twice: as long as the alert.
privacy-table-alert_reports = which messages reported matches to whom: { $reports } days.
privacy-table-digest_subscriptions = where and when its digest comes, and the account number of the admin who set it up, to tell them when it cannot be posted: until it is ended.
privacy-table-digests = which digests were posted, with the numbers of their messages: { $digests } days.
privacy-table-digest_shown = which threads a digest has shown: until I have left.
privacy-table-digest_editions = which threads each digest showed, for its page: until I have left.
privacy-table-asked = how many questions were answered on a day: { $counts } days.
privacy-table-quoted = how often a thread was quoted on a day: { $counts } days.
