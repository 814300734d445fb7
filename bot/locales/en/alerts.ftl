# Alerts: searches that are watched for new threads.

command-alert = alert
command-alert-does = Be notified when a new thread matches a search.
command-alert-add = add
command-alert-add-does = Watch a search from now on; new threads that match come to you by direct message.
command-alert-add-query = query
command-alert-add-query-is = Words that must stand in a post, and operators: "exact phrase", author:, has:, -word
command-alert-add-channel = channel
command-alert-add-channel-is = For admins: report to this channel instead of to you
command-alert-add-quiet = quiet
command-alert-add-quiet-is = Hours in which nothing is sent, like 22-7; it comes afterwards
command-alert-add-timezone = timezone
command-alert-add-timezone-is = Whose clock the quiet hours go by; without one, that of this server’s digest
command-alert-list = list
command-alert-list-does = Your alerts in this server; for admins also those of its channels.
command-alert-remove = remove
command-alert-remove-does = Delete an alert and its words.
command-alert-remove-alert = alert
command-alert-remove-alert-is = Its number in the list, its search, or all

alert-added = New threads that match { $query } will be reported.
alert-changed = The alert { $query } is changed. What was reported is not reported again.
alert-goes-to-you = They come to you by direct message, several alerts in one.
alert-goes-to-channel = They come to { $channel }, several alerts in one message.
alert-quiet-is = Nothing is sent at { $hours } by the clock in { $zone }; it comes afterwards.
alert-held-already = { $count ->
    [0] No thread matches so far.
    [one] One thread matches already; it is not reported.
   *[other] { $count } threads match already; they are not reported.
}
alert-stored = For this the words are stored with your account number, until `/alert remove`, `/privacy forget-me`, or until you leave this server.
alert-no-words = “{ $typed }” has nothing to look for: write a word that is not in every post, or an operator such as `author:`.
alert-quiet-unknown = “{ $typed }” are no hours. Write them like 22-7 or 22:00-6:30.
alert-channel-managers = Only people who may manage this server have alerts reported to a channel. Without the option `channel` they come to you.
alert-too-many = You have { $count } alerts, and there are no more for one person. Remove one with `/alert remove`.
alert-server-full = This server has { $count } alerts, and no server has more.
alert-none = You have no alert in this server. `/alert add` makes one.
alert-to-you = to you
alert-to-channel = to { $channel }
alert-quiet = nothing at { $hours } ({ $zone })
alert-held = waits: the rules of this server, or my permissions, do not let it through now
alert-list-below = `/alert remove` deletes one by its number.
alert-all = all
alert-unknown = You have no alert “{ $typed }” here. `/alert list` shows them with their numbers.
alert-removed = { $count ->
    [one] The alert is deleted, with its words.
   *[other] { $count } alerts are deleted, with their words.
}

alert-report = { $count ->
    [one] One new thread for your search
   *[other] { $count } new threads for your searches
}
alert-report-channel = { $count ->
    [one] One new thread that matches
   *[other] { $count } new threads that match
}
alert-from = From **{ $server }**, where you asked to be notified. `/alert list` there shows your alerts.
alert-matched = { $count ->
    [one] **{ $query }** · one new thread
   *[other] **{ $query }** · { $count } new threads
}
alert-more = { $count ->
    [one] and one more; ask for it with the same search
   *[other] and { $count } more; ask for them with the same search
}
alert-look-up = Read it in the server with `/thread` and { $thread }
alert-ended = { $person }, I cannot send you direct messages, so your alerts in this server are deleted, with their words. Allow messages from this server’s members and use `/alert add` to have alerts again.
