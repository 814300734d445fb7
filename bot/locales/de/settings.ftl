# Die Einstellungen eines Servers.

settings-title = Einstellungen von { $server }
settings-saved = ✓ Gespeichert. { $sentence }
settings-needs-manager = Das dürfen nur Leute mit der Berechtigung „Server verwalten“.
settings-servers-only = Das geht nur auf einem Server.

settings-who = Wer fragen darf
settings-channels-all = Ich darf in jedem Kanal gefragt werden.
settings-channels-some = Ich darf nur in { $places } gefragt werden.
settings-channels-choose = Kanäle, in denen ich gefragt werden darf (keiner: alle)
settings-roles-all = Alle dürfen fragen.
settings-roles-some = Nur Leute mit einer dieser Rollen dürfen fragen: { $places }; und wer den Server verwaltet.
settings-roles-choose = Rollen, die fragen dürfen (keine: alle)

settings-answers = Antworten
settings-mentions-on = Erwähnungen und Antworten auf mich werden beantwortet.
settings-mentions-off = Erwähnungen und Antworten auf mich werden nicht beantwortet, nur Befehle.
settings-mentions-switch-on = Erwähnungen beantworten
settings-mentions-switch-off = Erwähnungen nicht beantworten
settings-private-on = Antworten auf Befehle sieht nur, wer gefragt hat, wenn nichts anderes gesagt wird.
settings-private-off = Antworten auf Befehle sehen alle, wenn nichts anderes gesagt wird.
settings-private-switch-on = Von sich aus privat
settings-private-switch-off = Von sich aus öffentlich
settings-quotes = { $count ->
    [one] Eine Antwort zeigt zuerst { $count } Zitat.
   *[other] Eine Antwort zeigt zuerst { $count } Zitate.
}
settings-quotes-choose = Zitate je Antwort
settings-quotes-option = { $count ->
    [one] { $count } Zitat
   *[other] { $count } Zitate
}

settings-archive = Die eigenen Threads dieses Servers
settings-language-auto = Ihre Sprache wird aus den Dateien erkannt.
settings-language-is = Ihre Sprache ist { $language }.
settings-language-choose = Sprache der eigenen Threads dieses Servers
settings-language-option-auto = Aus den Dateien erkennen
settings-language-option-other = Eine andere Sprache …
settings-language-field = Sprache, mit Namen oder Kürzel
settings-language-unknown = Eine Sprache namens „{ $name }“ kenne ich nicht. Schreib ihren Namen oder ihr Kürzel, etwa el für Griechisch.
settings-unanswered-on = Die Wörter von Fragen, die nichts finden, werden { $days } Tage aufbewahrt, ohne wer gefragt hat: `/archiv unbeantwortet` zeigt sie.
settings-unanswered-off = Die Wörter von Fragen, die nichts finden, werden nicht aufbewahrt.
settings-unanswered-switch-on = Unbeantwortete Wörter aufbewahren
settings-unanswered-switch-off = Unbeantwortete Wörter nicht aufbewahren

settings-quotas = Kontingente
settings-person-none = Eine Person darf so oft fragen, wie sie will.
settings-person-some = Eine Person darf { $rate } stellen.
settings-server-none = Der Server im Ganzen hat kein Kontingent.
settings-server-some = Der Server im Ganzen darf { $rate } stellen.
settings-rate-minute = { $count ->
    [one] { $count } Frage in der Minute
   *[other] { $count } Fragen in der Minute
}
settings-rate-hour = { $count ->
    [one] { $count } Frage in der Stunde
   *[other] { $count } Fragen in der Stunde
}
settings-rate-day = { $count ->
    [one] { $count } Frage am Tag
   *[other] { $count } Fragen am Tag
}
settings-exempt-none = Keine Rolle ist von Kontingenten ausgenommen.
settings-exempt-some = Von Kontingenten ausgenommen: { $places }.
settings-exempt-choose = Rollen, für die kein Kontingent gilt
settings-quotas-change = Kontingente ändern …
settings-quotas-person = Fragen, die eine Person stellen darf
settings-quotas-server = Fragen, die der Server stellen darf
settings-quotas-period = innerhalb
settings-quotas-hint = Leer: kein Kontingent
settings-quotas-wrong = Ein Kontingent ist eine ganze Zahl von 1 bis { $most }, oder leer für keines. Nichts wurde geändert.
settings-period-minute = einer Minute
settings-period-hour = einer Stunde
settings-period-day = eines Tages
