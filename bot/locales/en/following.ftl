# Authors that a server's admins follow, and how that goes.

command-archive-follow = follow
command-archive-follow-does = Take an author's new threads in by themselves, for this server only.
command-archive-author = author
command-archive-follow-author-is = The link of a profile, @name.bsky.social, or @name@server for Mastodon
command-archive-follow-collection-is = The name under which the threads are kept; main if you name none
command-archive-unfollow = unfollow
command-archive-unfollow-does = Stop following an author; what was taken stays.
command-archive-unfollow-author-is = Begin to type the name, and choose from the list
command-archive-following = following
command-archive-following-does = Whom this server follows, the last look at each, and what is wrong.

follow-begun = Following { $name } into { $collection }, for this server only. Up to { $most } of their latest threads come in within minutes and are not announced; after that each thread of three posts or more, once its author has been silent for an hour.
follow-already = { $name } is followed here already. `/archive following` shows how that goes.
follow-failed = { $name } is not followed: { $reason }.
follow-most-server = This server follows { $most } authors, and more are not allowed. Stop following one with `/archive unfollow` first.
follow-most-all = Bobbin follows { $most } authors in all, and more are not allowed. Ask the operator to raise the limit.
follow-unknown = { $name } is not followed here. `/archive following` lists who is.
follow-ended = No longer following { $name }. Their threads stay; `/archive remove` takes them out.
following-none = This server follows nobody. Begin with `/archive follow`.
following-title = { $count ->
    [one] This server follows { $count } author:
   *[other] This server follows { $count } authors:
}
following-author = - { $name } ({ $service }), into { $collection }: last look { $looked }, last success { $succeeded }
following-trouble = Nothing is taken now: { $reason }
following-more = { $count ->
    [one] And { $count } more.
   *[other] And { $count } more.
}
following-never = never
following-status = { $count ->
    [one] Follows { $count } author, last looked at with success { $succeeded }.
   *[other] Follows { $count } authors, last looked at with success { $succeeded }.
}
following-status-trouble = { $count ->
    [one] Nothing comes from { $name } now: { $reason }
   *[other] Nothing comes from { $count } of them now, such as { $name }: { $reason }
}
