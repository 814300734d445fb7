# The daily digest, as it is posted.

digest-heading = Daily digest · { $date }
digest-heading-named = { $name } · { $date }
digest-heading-not-daily = Digest · { $date }
digest-since = Covers everything since the last digest, that of { $date }.
digest-new = { $count ->
    [one] One new thread
   *[other] { $count } new threads
}
digest-more = { $count ->
    [one] and one more
   *[other] and { $count } more
}
digest-browse = { $count ->
    [one] The new thread
   *[other] All { $count } new threads
}
digest-archive = From the archive
digest-anniversary = { $count ->
    [one] From the archive: posted a year ago today
   *[other] From the archive: posted { $count } years ago today
}
digest-asked = Asked here
digest-asked-yesterday = { $count ->
    [one] Yesterday one question was answered.
   *[other] Yesterday { $count } questions were answered.
}
digest-asked-days = { $count ->
    [one] One question was answered in the { $days } days before.
   *[other] { $count } questions were answered in the { $days } days before.
}
digest-asked-closest = { $count ->
    [one] To one only the closest posts were shown.
   *[other] To { $count } only the closest posts were shown.
}
digest-asked-nothing = { $count ->
    [one] On one the archive holds nothing.
   *[other] On { $count } the archive holds nothing.
}
digest-quoted = Quoted most:
digest-full = Full thread
digest-read = Read here
digest-times = { $title } · { $count }×
digest-page = page { $page } of { $pages }
digest-back = Back
digest-next = Next
digest-none = None of these threads is in the archive any more.

# Setting it up, and what admins are told.

digest-set = The digest comes to { $channel } { $days } at { $at } by the clock in { $zone }. The first one: { $when }.
digest-changed = The digest comes to { $channel } { $days } at { $at } by the clock in { $zone }. The next one: { $when }.
digest-holds = It holds: { $content }.
digest-mentions = It mentions { $role }.
digest-mute = I may not mention that role here; people will see its name without a ping. Let me mention all roles, or make this one mentionable by everyone.
digest-content-everything = new threads, one from the archive, what was asked
digest-content-threads = new threads and one from the archive
digest-content-news = everything, but only when something is new
digest-content-new = new threads only, when there are any
digest-content-archive = one thread from the archive
digest-days-daily = every day
digest-days-workdays = from Monday to Friday
digest-days-weekend = on Saturdays and Sundays
digest-days-weekday-0 = on Mondays
digest-days-weekday-1 = on Tuesdays
digest-days-weekday-2 = on Wednesdays
digest-days-weekday-3 = on Thursdays
digest-days-weekday-4 = on Fridays
digest-days-weekday-5 = on Saturdays
digest-days-weekday-6 = on Sundays
digest-unnamed = digest without a name
digest-which = This server has several digests: { $names }. Choose one with the option `digest`.
digest-unknown = This server has no digest called “{ $typed }”. There are: { $names }.
digest-too-many = A server has { $count } digests at most. End one with `/digest off` first.
digest-source-unknown = The archive has no collection and no author called “{ $typed }”.
digest-takes = It takes only: { $sources }.
digest-size-is = It shows up to { $size } threads.
digest-recency-is = Newer threads come more often: { $number } of 4.
digest-weighed = From the archive, { $source } is shown { $often }.
digest-often-never = never
digest-often-seldom = seldom
digest-often-normal = as often as others
digest-often-often = often
digest-shown-never = Never shown from the archive: { $sources }.
digest-shown-seldom = Seldom shown from the archive: { $sources }.
digest-shown-often = Often shown from the archive: { $sources }.
digest-lacks = I cannot post in { $channel }: there I lack { $permissions }. Give me these permissions and try again.
digest-lacks-view = View Channel
digest-lacks-send = Send Messages
digest-lacks-history = Read Message History
digest-zone-unknown = I know no time zone called “{ $typed }”. Choose one from the list; it finds cities, too.
digest-zone-nearest = I am not sure which clock “{ $typed }” means. Choose one: { $zones }.
digest-at-unknown = “{ $typed }” is no time of day. Write it like 9:00 or 17:30.
digest-role-everyone = A digest never mentions everyone. Choose another role, or none.
digest-none-here = This server has no digest. Set one up with `/digest setup`.
digest-no-preview = There would be no digest now: nothing new has come in.
digest-empty = There would be no digest now: the archive holds nothing to show.
digest-preview-of = This is the digest as it would come { $when }, shown to you alone.
digest-posted = The digest of today is posted: { $link }
digest-already = Today's digest is already there: { $link }
digest-quiet-today = Today's digest was left out, for there was nothing new.
digest-nothing-now = There is nothing to post: nothing new has come in.
digest-page-link = [Page of this digest]({ $link })
digest-busy = Today's digest is being posted right now.
digest-failed-now = Discord did not take the digest now. I keep trying; `/digest status` tells what became of it.
digest-paused = The digest is paused. `/digest resume` lets it go on.
digest-resumed = The digest goes on. The next one: { $when }.
digest-running = The digest is not paused. The next one: { $when }.
digest-ended = The digest is off. `/digest setup` starts a new one.
digest-status = The digest comes to { $channel } { $days } at { $at } by the clock in { $zone }.
digest-status-next = Next: { $when } ({ $relative })
digest-status-last = Last: { $link }
digest-status-quiet = On { $date } there was nothing new, and so no digest.
digest-status-never = None was posted yet.
digest-status-paused = Paused: { $reason }
digest-why-admin = an admin paused it. `/digest resume` lets it go on.
digest-why-forbidden = Discord does not let me post in { $channel }. Give me View Channel, Send Messages and Read Message History there, then use `/digest resume`.
digest-why-missing = the channel is gone. Choose another with `/digest setup`.
digest-why-unfit = Discord does not take the post; this is a mistake of mine. The operator finds the reason in the log.
digest-told = A digest of **{ $server }** is paused: { $reason }
