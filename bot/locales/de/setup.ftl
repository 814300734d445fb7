# Der erste Tag auf einem Server: die Einrichtungskarte.

setup-title = Hallo, ich bin { $name }
setup-what = Ich beantworte Fragen mit wörtlichen Zitaten aus gespeicherten Threads. Drei Schritte richten mich hier ein:
setup-threads = Threads hinzufügen
setup-threads-open = Hier gibt es noch nichts zu fragen.
setup-threads-done = Hier kann man { $threads } befragen.
setup-threads-do = Threads hinzufügen
setup-threads-how = **Threads hinzufügen:** Häng eine Datei an `/archiv hinzufügen`. Ihre Threads kann man auf diesem Server befragen und auf keinem anderen.
setup-threads-saved = Das geht: gespeicherte Seiten von Threads (Text, HTML, Markdown), Kontoexporte von X und Mastodon und Zips davon.
setup-threads-operator = Threads für alle Server importiert der Betreiber dieses Bots mit `bobbin import`.
setup-places = Kanäle und Rollen wählen
setup-places-open = Alle dürfen mich in jedem Kanal fragen.
setup-places-done = Gewählt; das Panel zeigt, wie.
setup-places-do = Wählen
setup-digest = Den Überblick einrichten
setup-digest-open = Einmal am Tag: was neu ist, und ein Thread aus dem Archiv.
setup-digest-done = Er ist eingerichtet; `/überblick status` sagt, wann der nächste kommt.
setup-digest-do = Einrichten
setup-again = `/einrichten` zeigt das wieder. Frag mich mit einer Erwähnung, einer Antwort oder `/frage`.
setup-form-channel = Kanal
setup-form-at = Uhrzeit
setup-form-timezone = Zeitzone
setup-zone-hint = Berlin, New York, UTC+2 …
