# Alerts: searches that are watched for new threads.

command-alert = alarm
command-alert-does = Bescheid bekommen, wenn ein neuer Thread zu einer Suche passt.
command-alert-add = anlegen
command-alert-add-does = Eine Suche ab jetzt beobachten; passende neue Threads kommen als Direktnachricht.
command-alert-add-query = suche
command-alert-add-query-is = Wörter, die in einem Beitrag stehen müssen, und Operatoren: "genau so", author:, has:, -wort
command-alert-add-channel = kanal
command-alert-add-channel-is = Für Admins: in diesem Kanal melden statt an dich
command-alert-add-quiet = ruhe
command-alert-add-quiet-is = Stunden, in denen nichts kommt, etwa 22-7; es kommt danach
command-alert-add-timezone = zeitzone
command-alert-add-timezone-is = Nach wessen Uhr die Ruhe gilt; ohne Angabe nach der des Überblicks
command-alert-list = liste
command-alert-list-does = Deine Alarme auf diesem Server; für Admins auch die seiner Kanäle.
command-alert-remove = entfernen
command-alert-remove-does = Einen Alarm mit seinen Wörtern löschen.
command-alert-remove-alert = alarm
command-alert-remove-alert-is = Seine Nummer in der Liste, seine Suche, oder alle

alert-added = Neue Threads, die zu { $query } passen, melde ich.
alert-changed = Der Alarm { $query } ist geändert. Was gemeldet ist, melde ich nicht noch einmal.
alert-goes-to-you = Sie kommen als Direktnachricht zu dir, mehrere Alarme in einer.
alert-goes-to-channel = Sie kommen in { $channel }, mehrere Alarme in einer Nachricht.
alert-quiet-is = Von { $hours } nach der Uhr in { $zone } kommt nichts; es kommt danach.
alert-held-already = { $count ->
    [0] Bisher passt kein Thread.
    [one] Ein Thread passt schon; den melde ich nicht.
   *[other] { $count } Threads passen schon; die melde ich nicht.
}
alert-stored = Dafür speichere ich die Wörter mit deiner Konto-ID, bis zu `/alarm entfernen`, `/datenschutz vergiss-mich` oder bis du diesen Server verlässt.
alert-no-words = In „{ $typed }“ ist nichts zu suchen: Schreib ein Wort, das nicht in jedem Beitrag steht, oder einen Operator wie `author:`.
alert-quiet-unknown = „{ $typed }“ sind keine Stunden. Schreib sie wie 22-7 oder 22:00-6:30.
alert-channel-managers = Nur wer diesen Server verwalten darf, lässt in einen Kanal melden. Ohne die Option für den Kanal kommt es zu dir.
alert-too-many = Du hast { $count } Alarme, mehr gibt es nicht für eine Person. Entferne einen mit `/alarm entfernen`.
alert-server-full = Dieser Server hat { $count } Alarme, mehr hat kein Server.
alert-none = Du hast auf diesem Server keinen Alarm. `/alarm anlegen` legt einen an.
alert-to-you = an dich
alert-to-channel = in { $channel }
alert-quiet = nichts von { $hours } ({ $zone })
alert-held = wartet: Die Regeln dieses Servers oder meine Rechte lassen es gerade nicht zu
alert-list-below = `/alarm entfernen` löscht einen nach seiner Nummer.
alert-all = alle
alert-unknown = Du hast hier keinen Alarm „{ $typed }“. `/alarm liste` zeigt sie mit ihren Nummern.
alert-removed = { $count ->
    [one] Der Alarm ist mit seinen Wörtern gelöscht.
   *[other] { $count } Alarme sind mit ihren Wörtern gelöscht.
}

alert-report = { $count ->
    [one] Ein neuer Thread zu deiner Suche
   *[other] { $count } neue Threads zu deinen Suchen
}
alert-report-channel = { $count ->
    [one] Ein neuer Thread, der passt
   *[other] { $count } neue Threads, die passen
}
alert-from = Von **{ $server }**, wo du Bescheid haben wolltest. `/alarm liste` zeigt dort deine Alarme.
alert-matched = { $count ->
    [one] **{ $query }** · ein neuer Thread
   *[other] **{ $query }** · { $count } neue Threads
}
alert-more = { $count ->
    [one] und noch einer; frag nach ihm mit derselben Suche
   *[other] und { $count } weitere; frag nach ihnen mit derselben Suche
}
alert-look-up = Lies ihn auf dem Server mit `/thread` und { $thread }
alert-ended = { $person }, ich kann dir keine Direktnachrichten schicken; deine Alarme auf diesem Server sind darum mit ihren Wörtern gelöscht. Erlaube Nachrichten von Mitgliedern dieses Servers und nimm `/alarm anlegen`, um wieder welche zu haben.
