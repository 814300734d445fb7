# Die Einstellungen eines Servers.

settings-title = Einstellungen für { $server }
settings-saved = ✓ Gespeichert. { $sentence }
settings-needs-manager = Dafür brauchst du die Berechtigung „Server verwalten“.
settings-servers-only = Das geht nur auf einem Server.

settings-who = Wer fragen darf
settings-channels-all = Ich beantworte Fragen in allen Kanälen.
settings-channels-some = Ich beantworte Fragen nur in { $places }.
settings-channels-choose = Kanäle, in denen ich antworte (keiner gewählt: alle)
settings-roles-all = Alle dürfen fragen.
settings-roles-some = Fragen dürfen nur Mitglieder mit einer dieser Rollen: { $places }, und wer den Server verwaltet.
settings-roles-choose = Rollen, die fragen dürfen (keine gewählt: alle)

settings-answers = Antworten
settings-mentions-on = Ich antworte, wenn man mich erwähnt oder auf eine Nachricht von mir antwortet.
settings-mentions-off = Ich antworte nur auf Befehle, nicht auf Erwähnungen.
settings-mentions-switch-on = Auf Erwähnungen antworten
settings-mentions-switch-off = Nicht auf Erwähnungen antworten
settings-private-on = Antworten auf Befehle sieht nur, wer gefragt hat, sofern nicht anders gewählt.
settings-private-off = Antworten auf Befehle sehen alle, sofern nicht anders gewählt.
settings-private-switch-on = Standardmäßig privat
settings-private-switch-off = Standardmäßig öffentlich
settings-react-on = Nachrichten, die nichts fragen, etwa „danke!“, bekommen ein 👍, wo ich Reaktionen hinzufügen darf.
settings-react-off = Nachrichten, die nichts fragen, etwa „danke!“, bekommen nichts.
settings-react-switch-on = Auf Dank reagieren
settings-react-switch-off = Auf Dank nicht reagieren
settings-quotes = { $count ->
    [one] Eine Antwort zeigt auf einmal { $count } Zitat.
   *[other] Eine Antwort zeigt auf einmal { $count } Zitate.
}
settings-quotes-choose = Zitate pro Antwort
settings-quotes-option = { $count ->
    [one] { $count } Zitat
   *[other] { $count } Zitate
}

settings-archive = Eigene Threads dieses Servers
settings-language-auto = Ihre Sprache erkenne ich an den Dateien.
settings-language-is = Ihre Sprache ist { $language }.
settings-language-choose = Sprache der eigenen Threads dieses Servers
settings-language-option-auto = Anhand der Dateien erkennen
settings-language-option-other = Andere Sprache …
settings-language-field = Sprache (Name oder Kürzel)
settings-language-unknown = Die Sprache „{ $name }“ kenne ich nicht. Schreib ihren Namen oder ihr Kürzel, zum Beispiel el für Griechisch.
settings-unanswered-on = Wörter aus Fragen, zu denen nichts im Archiv steht, speichere ich { $days } Tage lang, aber nicht, wer gefragt hat: `/archiv unbeantwortet` zeigt sie.
settings-unanswered-off = Wörter aus Fragen, zu denen nichts im Archiv steht, speichere ich nicht.
settings-unanswered-switch-on = Unbeantwortete Wörter speichern
settings-unanswered-switch-off = Unbeantwortete Wörter nicht speichern

settings-quotas = Limits
settings-person-none = Für einzelne Mitglieder gibt es kein Limit.
settings-person-some = Limit pro Mitglied: { $rate }.
settings-server-none = Für den Server insgesamt gibt es kein Limit.
settings-server-some = Limit für den ganzen Server: { $rate }.
settings-rate-minute = { $count ->
    [one] { $count } Frage pro Minute
   *[other] { $count } Fragen pro Minute
}
settings-rate-hour = { $count ->
    [one] { $count } Frage pro Stunde
   *[other] { $count } Fragen pro Stunde
}
settings-rate-day = { $count ->
    [one] { $count } Frage pro Tag
   *[other] { $count } Fragen pro Tag
}
settings-exempt-none = Die Limits gelten für alle Rollen.
settings-exempt-some = Ohne Limit: { $places }.
settings-exempt-choose = Rollen, für die kein Limit gilt
settings-quotas-change = Limits ändern …
settings-quotas-person = Fragen pro Mitglied
settings-quotas-server = Fragen des ganzen Servers
settings-quotas-period = Zeitraum
settings-quotas-hint = Leer lassen: kein Limit
settings-quotas-wrong = Ein Limit ist eine ganze Zahl von 1 bis { $most }; ohne Limit bleibt das Feld leer. Es wurde nichts geändert.
settings-period-minute = pro Minute
settings-period-hour = pro Stunde
settings-period-day = pro Tag
