# Der tägliche Überblick, wie er gepostet wird.

digest-heading = Überblick vom { $date }
digest-heading-named = { $name } · { $date }
digest-heading-not-daily = Überblick · { $date }
digest-since = Enthält alles seit dem letzten Überblick vom { $date }.
digest-new = { $count ->
    [one] Ein neuer Thread
   *[other] { $count } neue Threads
}
digest-more = { $count ->
    [one] und ein weiterer
   *[other] und { $count } weitere
}
digest-browse = { $count ->
    [one] Den neuen Thread ansehen
   *[other] Alle { $count } neuen Threads
}
digest-archive = Aus dem Archiv
digest-anniversary = { $count ->
    [one] Aus dem Archiv: heute vor einem Jahr
   *[other] Aus dem Archiv: heute vor { $count } Jahren
}
digest-asked = Was hier gefragt wurde
digest-asked-yesterday = { $count ->
    [one] Gestern habe ich eine Frage beantwortet.
   *[other] Gestern habe ich { $count } Fragen beantwortet.
}
digest-asked-days = { $count ->
    [one] In den letzten { $days } Tagen habe ich eine Frage beantwortet.
   *[other] In den letzten { $days } Tagen habe ich { $count } Fragen beantwortet.
}
digest-asked-closest = { $count ->
    [one] Bei einer weiteren konnte ich nur ähnliche Beiträge zeigen.
   *[other] Bei { $count } weiteren konnte ich nur ähnliche Beiträge zeigen.
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
digest-none = Von diesen Threads ist keiner mehr im Archiv.

# Einrichten, und was Admins gesagt wird.

digest-set = Ich poste den Überblick { $days } um { $at } Uhr (Ortszeit { $zone }) in { $channel }. Der erste: { $when }.
digest-changed = Ich poste den Überblick { $days } um { $at } Uhr (Ortszeit { $zone }) in { $channel }. Der nächste: { $when }.
digest-holds = Inhalt: { $content }.
digest-mentions = Erwähnt wird { $role }.
digest-mute = Diese Rolle darf ich hier nicht erwähnen: Ihr Name erscheint, aber niemand wird benachrichtigt. Gib mir die Berechtigung, alle Rollen zu erwähnen, oder mach diese Rolle für alle erwähnbar.
digest-content-everything = neue Threads, einer aus dem Archiv und was gefragt wurde
digest-content-threads = neue Threads und einer aus dem Archiv
digest-content-news = alles, aber nur, wenn es etwas Neues gibt
digest-content-new = nur neue Threads, wenn es welche gibt
digest-content-archive = ein Thread aus dem Archiv
digest-days-daily = täglich
digest-days-workdays = von Montag bis Freitag
digest-days-weekend = samstags und sonntags
digest-days-weekday-0 = montags
digest-days-weekday-1 = dienstags
digest-days-weekday-2 = mittwochs
digest-days-weekday-3 = donnerstags
digest-days-weekday-4 = freitags
digest-days-weekday-5 = samstags
digest-days-weekday-6 = sonntags
digest-unnamed = Überblick ohne Namen
digest-which = Auf diesem Server gibt es mehrere Überblicke: { $names }. Wähl einen mit der Option `überblick`.
digest-unknown = Einen Überblick namens „{ $typed }“ gibt es hier nicht. Es gibt: { $names }.
digest-too-many = Ein Server hat höchstens { $count } Überblicke. Schalt zuerst einen mit `/überblick abschalten` ab.
digest-source-unknown = Im Archiv gibt es weder eine Sammlung noch jemanden namens „{ $typed }“.
digest-takes = Nur daraus: { $sources }.
digest-size-is = Er zeigt höchstens { $size } Threads.
digest-recency-is = Neuere Threads kommen öfter: { $number } von 4.
digest-weighed = Aus dem Archiv zeige ich { $source } { $often }.
digest-often-never = nie
digest-often-seldom = selten
digest-often-normal = so oft wie andere
digest-often-often = oft
digest-shown-never = Aus dem Archiv nie: { $sources }.
digest-shown-seldom = Aus dem Archiv selten: { $sources }.
digest-shown-often = Aus dem Archiv oft: { $sources }.
digest-lacks = Ich kann in { $channel } nicht posten, mir fehlt dort: { $permissions }. Gib mir diese Berechtigungen und versuch es noch einmal.
digest-lacks-view = Kanal ansehen
digest-lacks-send = Nachrichten senden
digest-lacks-history = Nachrichtenverlauf anzeigen
digest-zone-unknown = Die Zeitzone „{ $typed }“ kenne ich nicht. Wähl eine aus der Liste; du kannst auch eine Stadt eintippen.
digest-zone-nearest = „{ $typed }“ ist nicht eindeutig. Welche Zeitzone meinst du? { $zones }
digest-at-unknown = „{ $typed }“ ist keine Uhrzeit. Schreib zum Beispiel 9:00 oder 17:30.
digest-role-everyone = Ein Überblick erwähnt nie alle Mitglieder. Wähl eine andere Rolle oder keine.
digest-none-here = Auf diesem Server ist kein Überblick eingerichtet. Das geht mit `/überblick einrichten`.
digest-no-preview = Im Moment gäbe es keinen Überblick: Es gibt nichts Neues.
digest-empty = Im Moment gäbe es keinen Überblick: Im Archiv ist nichts, was ich zeigen könnte.
digest-preview-of = So sähe der nächste Überblick aus: { $when }. Nur du siehst diese Vorschau.
digest-posted = Der heutige Überblick steht hier: { $link }
digest-already = Der heutige Überblick steht schon hier: { $link }
digest-quiet-today = Der heutige Überblick ist ausgefallen, weil es nichts Neues gab.
digest-nothing-now = Es gibt nichts Neues, was ich posten könnte.
digest-page-link = [Seite dieses Überblicks]({ $link })
digest-busy = Ich poste den heutigen Überblick gerade.
digest-failed-now = Discord hat den Überblick gerade nicht angenommen. Ich versuche es weiter; `/überblick status` zeigt, was daraus geworden ist.
digest-paused = Der Überblick ist angehalten. Mit `/überblick fortsetzen` läuft er weiter.
digest-resumed = Der Überblick läuft wieder. Der nächste: { $when }.
digest-running = Der Überblick ist nicht angehalten. Der nächste: { $when }.
digest-ended = Der Überblick ist abgeschaltet. Mit `/überblick einrichten` schaltest du ihn wieder ein.
digest-status = Ich poste den Überblick { $days } um { $at } Uhr (Ortszeit { $zone }) in { $channel }.
digest-status-next = Nächster: { $when } ({ $relative })
digest-status-last = Letzter: { $link }
digest-status-quiet = Am { $date } gab es nichts Neues und deshalb keinen Überblick.
digest-status-never = Bisher ist keiner erschienen.
digest-status-paused = Angehalten: { $reason }
digest-why-admin = durch einen Admin. Mit `/überblick fortsetzen` läuft er weiter.
digest-why-forbidden = Ich darf in { $channel } nicht posten. Gib mir dort „Kanal ansehen“, „Nachrichten senden“ und „Nachrichtenverlauf anzeigen“ und nimm dann `/überblick fortsetzen`.
digest-why-missing = Den Kanal gibt es nicht mehr. Wähl mit `/überblick einrichten` einen anderen.
digest-why-unfit = Discord nimmt den Überblick nicht an; das ist ein Fehler von mir. Der Betreiber findet den Grund im Protokoll.
digest-told = Ein Überblick von **{ $server }** ist angehalten: { $reason }
