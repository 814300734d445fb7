# Der tägliche Überblick, wie er gepostet wird.

digest-heading = Überblick des Tages · { $date }
digest-since = Umfasst alles seit dem letzten Überblick, dem vom { $date }.
digest-new = { $count ->
    [one] Ein neuer Thread
   *[other] { $count } neue Threads
}
digest-more = { $count ->
    [one] und einer mehr
   *[other] und { $count } mehr
}
digest-browse = { $count ->
    [one] Der neue Thread
   *[other] Alle { $count } neuen Threads
}
digest-archive = Aus dem Archiv
digest-anniversary = { $count ->
    [one] Aus dem Archiv: heute vor einem Jahr
   *[other] Aus dem Archiv: heute vor { $count } Jahren
}
digest-asked = Hier gefragt
digest-asked-yesterday = { $count ->
    [one] Gestern wurde eine Frage beantwortet.
   *[other] Gestern wurden { $count } Fragen beantwortet.
}
digest-asked-days = { $count ->
    [one] In den { $days } Tagen davor wurde eine Frage beantwortet.
   *[other] In den { $days } Tagen davor wurden { $count } Fragen beantwortet.
}
digest-asked-closest = { $count ->
    [one] Zu einer kamen nur die nächsten Beiträge.
   *[other] Zu { $count } kamen nur die nächsten Beiträge.
}
digest-asked-nothing = { $count ->
    [one] Zu einer steht nichts im Archiv.
   *[other] Zu { $count } steht nichts im Archiv.
}
digest-quoted = Am häufigsten zitiert:
digest-full = Ganzer Thread
digest-read = Hier lesen
digest-times = { $title } · { $count }×
digest-page = Seite { $page } von { $pages }
digest-back = Zurück
digest-next = Weiter
digest-none = Keiner dieser Threads ist noch im Archiv.

# Einrichten, und was Admins gesagt wird.

digest-set = Der Überblick kommt jeden Tag um { $at } nach der Uhr von { $zone } in { $channel }. Der erste: { $when }.
digest-changed = Der Überblick kommt jeden Tag um { $at } nach der Uhr von { $zone } in { $channel }. Der nächste: { $when }.
digest-holds = Er enthält: { $content }.
digest-mentions = Er erwähnt { $role }.
digest-mute = Diese Rolle darf ich hier nicht erwähnen; man sieht ihren Namen, aber niemand wird benachrichtigt. Erlaube mir, alle Rollen zu erwähnen, oder mach diese für alle erwähnbar.
digest-content-everything = neue Threads, einer aus dem Archiv, was gefragt wurde
digest-content-threads = neue Threads und einer aus dem Archiv
digest-content-news = alles, aber nur wenn es etwas Neues gibt
digest-content-new = nur neue Threads, wenn es welche gibt
digest-content-archive = ein Thread aus dem Archiv
digest-lacks = Ich kann in { $channel } nicht posten: Dort fehlt mir { $permissions }. Gib mir diese Rechte und versuch es noch einmal.
digest-lacks-view = Kanal ansehen
digest-lacks-send = Nachrichten senden
digest-lacks-history = Nachrichtenverlauf lesen
digest-zone-unknown = Eine Zeitzone „{ $typed }“ kenne ich nicht. Wähl eine aus der Liste; sie findet auch Städte.
digest-zone-nearest = Ich bin nicht sicher, welche Uhr „{ $typed }“ meint. Wähl eine: { $zones }.
digest-at-unknown = „{ $typed }“ ist keine Uhrzeit. Schreib sie wie 9:00 oder 17:30.
digest-role-everyone = Ein Überblick erwähnt niemals alle. Wähl eine andere Rolle oder keine.
digest-none-here = Dieser Server hat keinen Überblick. Richte ihn mit `/überblick einrichten` ein.
digest-no-preview = Jetzt käme kein Überblick: Es gibt nichts Neues.
digest-empty = Jetzt käme kein Überblick: Das Archiv hat nichts zu zeigen.
digest-preview-of = So käme der Überblick { $when }; nur du siehst das.
digest-posted = Der Überblick von heute ist gepostet: { $link }
digest-already = Der Überblick von heute ist schon da: { $link }
digest-quiet-today = Der Überblick von heute fiel aus, denn es gab nichts Neues.
digest-nothing-now = Es gibt nichts zu posten: Nichts Neues ist gekommen.
digest-busy = Der Überblick von heute wird gerade gepostet.
digest-failed-now = Discord hat den Überblick jetzt nicht angenommen. Ich versuche es weiter; `/überblick stand` sagt, was daraus wurde.
digest-paused = Der Überblick ist angehalten. Mit `/überblick weiter` geht es weiter.
digest-resumed = Der Überblick geht weiter. Der nächste: { $when }.
digest-running = Der Überblick ist nicht angehalten. Der nächste: { $when }.
digest-ended = Der Überblick ist aus. Mit `/überblick einrichten` beginnt ein neuer.
digest-status = Der Überblick kommt jeden Tag um { $at } nach der Uhr von { $zone } in { $channel }.
digest-status-next = Nächster: { $when } ({ $relative })
digest-status-last = Letzter: { $link }
digest-status-quiet = Am { $date } gab es nichts Neues und darum keinen Überblick.
digest-status-never = Bisher kam noch keiner.
digest-status-paused = Angehalten: { $reason }
digest-why-admin = Ein Admin hat ihn angehalten. Mit `/überblick weiter` geht es weiter.
digest-why-forbidden = Discord lässt mich in { $channel } nicht posten. Gib mir dort „Kanal anzeigen“, „Nachrichten senden“ und „Nachrichtenverlauf anzeigen“, dann nimm `/überblick weiter`.
digest-why-missing = Den Kanal gibt es nicht mehr. Wähl mit `/überblick einrichten` einen anderen.
digest-why-unfit = Discord nimmt den Post nicht an; das ist ein Fehler von mir. Den Grund findet der Betreiber im Protokoll.
digest-told = Der tägliche Überblick von **{ $server }** ist angehalten: { $reason }
