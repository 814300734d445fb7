# Der erste Tag auf einem Server: die Einrichtungskarte.

setup-title = Hallo, ich bin { $name }
setup-what = Ich beantworte Fragen mit wörtlichen Zitaten aus gespeicherten Threads. In drei Schritten bin ich eingerichtet:
setup-threads = Threads hinzufügen
setup-threads-open = Hier gibt es noch keine Threads.
setup-threads-done = Bisher sind es { $threads }.
setup-threads-do = Threads hinzufügen
setup-threads-how = **Threads hinzufügen:** Häng eine Datei an `/archiv hinzufügen`. Nach ihren Threads kann man nur auf diesem Server fragen.
setup-threads-saved = Das geht: gespeicherte Seiten von Threads (Text, HTML, Markdown), Kontoexporte von X und Mastodon und Zips davon.
setup-threads-operator = Threads für alle Server liest der Betreiber dieses Bots mit `bobbin import` ein.
setup-places = Kanäle und Rollen wählen
setup-places-open = Alle dürfen mich in jedem Kanal fragen.
setup-places-done = Ist gewählt; die Einstellungen zeigen, was.
setup-places-do = Wählen
setup-digest = Den Überblick einrichten
setup-digest-open = Einmal am Tag: was neu ist und ein Thread aus dem Archiv.
setup-digest-done = Ist eingerichtet; `/überblick status` zeigt, wann der nächste kommt.
setup-digest-do = Einrichten
setup-again = `/einrichten` zeigt diese Karte wieder. Frag mich mit einer Erwähnung, einer Antwort auf mich oder mit `/frage`.
setup-form-channel = Kanal
setup-form-at = Uhrzeit
setup-form-timezone = Zeitzone
setup-zone-hint = Berlin, New York, UTC+2 …
