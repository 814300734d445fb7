# Autorinnen und Autoren, denen die Admins eines Servers folgen, und wie es damit steht.

command-archive-follow = folgen
command-archive-follow-does = Neue Threads eines Accounts von selbst aufnehmen, nur für diesen Server.
command-archive-author = account
command-archive-follow-author-is = Der Link eines Profils, @name.bsky.social oder für Mastodon @name@server
command-archive-follow-collection-is = Der Name, unter dem die Threads stehen; ohne Angabe main
command-archive-unfollow = entfolgen
command-archive-unfollow-does = Einem Account nicht mehr folgen; was da ist, bleibt.
command-archive-unfollow-author-is = Tippe den Anfang des Namens und wähle aus der Liste
command-archive-following = gefolgt
command-archive-following-does = Wem dieser Server folgt, wann zuletzt nachgesehen wurde und was nicht geht.

follow-begun = Ich folge { $name } in die Sammlung { $collection }, nur für diesen Server. Bis zu { $most } der letzten Threads kommen in den nächsten Minuten und werden nicht angekündigt; danach jeder Thread ab drei Beiträgen, sobald eine Stunde lang nichts mehr dazukam.
follow-already = { $name } wird hier schon gefolgt. `/archiv gefolgt` zeigt, wie es damit steht.
follow-failed = { $name } wird nicht gefolgt: { $reason }.
follow-most-server = Dieser Server folgt { $most } Accounts, mehr sind nicht erlaubt. Beende zuerst eine Folge mit `/archiv entfolgen`.
follow-most-all = Bobbin folgt insgesamt { $most } Accounts, mehr sind nicht erlaubt. Bitte den Betreiber, die Grenze anzuheben.
follow-unknown = { $name } wird hier nicht gefolgt. `/archiv gefolgt` nennt alle.
follow-ended = Ich folge { $name } nicht mehr. Die Threads bleiben; `/archiv entfernen` nimmt sie heraus.
following-none = Dieser Server folgt niemandem. Beginne mit `/archiv folgen`.
following-title = { $count ->
    [one] Dieser Server folgt { $count } Account:
   *[other] Dieser Server folgt { $count } Accounts:
}
following-author = - { $name } ({ $service }), in { $collection }: zuletzt nachgesehen { $looked }, zuletzt mit Erfolg { $succeeded }
following-trouble = Im Moment kommt nichts: { $reason }
following-more = { $count ->
    [one] Und { $count } weiterer.
   *[other] Und { $count } weitere.
}
following-never = nie
following-status = { $count ->
    [one] Folgt { $count } Account, zuletzt mit Erfolg nachgesehen { $succeeded }.
   *[other] Folgt { $count } Accounts, zuletzt mit Erfolg nachgesehen { $succeeded }.
}
following-status-trouble = { $count ->
    [one] Von { $name } kommt im Moment nichts: { $reason }
   *[other] Von { $count } davon kommt im Moment nichts, etwa { $name }: { $reason }
}
