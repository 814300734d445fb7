# Was die Admins eines Servers hochladen, und was daraus wurde.

uploads-too-large = { $name } hat { $size } MiB; erlaubt sind { $most } MiB. Pack die Datei in ein Zip, teil sie auf oder bitte den Betreiber, sie einzulesen.
uploads-full = Die Threads dieses Servers haben schon { $posts } Beiträge; mehr als { $most } sind nicht erlaubt. Entferne zuerst eine Datei mit `/archiv entfernen`.
uploads-file-or-link = Hänge eine Datei an oder nenne einen Link zu einem Beitrag auf Bluesky oder Mastodon: eins von beiden.
uploads-no-words = Diese Nachricht hat keinen Text, der sich übernehmen ließe.
uploads-busy = Auf diesem Server wird gerade eine andere Datei eingelesen. Warte, bis sie fertig ist.
uploads-collections = Dieser Server hat schon { $count } Sammlungen; mehr sind nicht erlaubt. Nimm eine davon: { $names }.
uploads-gone = Die Datei war bei Discord nicht mehr abrufbar. Lade sie noch einmal hoch.
uploads-waiting = { $name }: wartet, bis die Datei eines anderen Servers eingelesen ist.
uploads-reading = { $name }: { $percent } %, { $count ->
    [one] { $count } Beitrag
   *[other] { $count } Beiträge
}
uploads-taking-up = { $name } ist eingelesen. Gleich ist die Suche so weit.
uploads-done = { $name } ist eingelesen. Du kannst jetzt danach fragen, aber nur auf diesem Server.
uploads-failed = { $name } ließ sich nicht lesen: { $reason }. Es wurde nichts gespeichert.
uploads-no-thread = { $name } sieht nicht nach einem Thread aus: keine fortlaufende Nummerierung, keine bekannte Seite, kein Vorspann mit Autor und Titel. Es wurde nichts gespeichert.
uploads-nothing-in-it = { $name } enthält keinen Thread. Es wurde nichts gespeichert.
uploads-plain = Trotzdem als Text einlesen
uploads-plain-means = Der Text wird zu einem Thread, den alle lesen können, die hier fragen dürfen.
uploads-plain-too-large = Die Datei ist zu groß, um sie hier bereitzuhalten. Bitte den Betreiber, sie als Text einzulesen.
uploads-passed-over = Ausgelassen, weil es nicht nach einem Thread aussieht: { $names }.
uploads-partly = { $name } ist eingelesen, soweit es lesbar war. Du kannst jetzt danach fragen, aber nur auf diesem Server.
uploads-time = Das Einlesen von { $name } hat länger als { $seconds } Sekunden gedauert und wurde abgebrochen. Teil die Datei auf oder bitte den Betreiber, sie einzulesen.
uploads-room = Mit { $name } käme dieser Server auf mehr als { $most } Beiträge; das Einlesen wurde abgebrochen. Entferne eine Datei mit `/archiv entfernen` oder lade weniger hoch.
uploads-stopping = Ich werde gerade neu gestartet, deshalb wurde { $name } abgebrochen. Lade die Datei in einer Minute noch einmal hoch.
uploads-refused = Das Einlesen von { $name } wurde abgebrochen: { $reason }. Lade die Datei noch einmal hoch, sobald das behoben ist.
uploads-kept-before = Davon sind { $count } Dateien eingelesen, von den übrigen nichts.
uploads-threads = Threads: { $new } neu, { $updated } ergänzt, { $unchanged } unverändert.
uploads-posts = Beiträge: { $new } neu, { $updated } ergänzt, { $unchanged } unverändert.
uploads-left-out = Ausgelassen: { $what }.
uploads-languages = { $count ->
    [one] Sprache: { $names }.
   *[other] Sprachen: { $names }.
}
uploads-warnings = Hinweise:
uploads-more = und { $count } weitere

uploads-list = Dateien dieses Servers
uploads-none = Dieser Server hat keine eigenen Threads. Mit `/archiv hinzufügen` liest du welche aus einer Datei ein.
uploads-file = { $threads }, { $posts } · { $collection } · { $day }
uploads-page = Seite { $page } von { $pages }
uploads-back = Zurück
uploads-next = Weiter

uploads-no-such = Diese Datei gibt es auf diesem Server nicht. Wähl eine aus der Liste.
uploads-everything = Alles: { $count } Dateien
uploads-removal = { $name } entfernen?
uploads-removal-all = Alle Dateien dieses Servers entfernen?
uploads-removal-takes = Endgültig gelöscht werden: { $threads }, { $posts }.
uploads-removal-changes = { $threads } bleiben, weil sie auch in anderen Dateien stehen.
uploads-remove = Entfernen
uploads-keep = Behalten
uploads-kept = Es wurde nichts entfernt.
uploads-removed = Entfernt: { $threads }, { $posts }. Im Archiv gibt es davon keine Kopie mehr.
uploads-removed-not-wiped = Entfernt: { $threads }, { $posts }. Ein anderes Programm liest das Archiv gerade, deshalb bleiben Spuren in der Archivdatei, bis kurz nach dem Ende dieses Programms.

uploads-export = Die Threads aus { $collection }, einer pro Zeile. Mit `/archiv hinzufügen` kannst du die Datei wieder einlesen.
uploads-export-none = Eine Sammlung mit diesem Namen hat dieser Server nicht.
uploads-export-too-large = Das wären mehr als { $count } Dateien zu je { $size } MiB. Bitte den Betreiber darum.

uploads-stats = Was du auf diesem Server fragen kannst
uploads-stats-own = Eigenes: { $threads }, { $posts }, { $count ->
    [one] { $count } Sammlung
   *[other] { $count } Sammlungen
}. Platz ist noch für { $room } Beiträge.
uploads-stats-public = Für alle Server: { $threads }, { $posts }.
uploads-stats-previews = { $count ->
    [one] Von { $count } Thread sind nur die ersten Beiträge bekannt.
   *[other] Von { $count } Threads sind nur die ersten Beiträge bekannt.
}
uploads-stats-judged = Bewertungen: { $helpful }-mal hilfreich, { $unhelpful }-mal nicht hilfreich.
uploads-stats-unhelpful = Am häufigsten nicht hilfreich:
uploads-stats-thread = { $title }: { $unhelpful } von { $count } Bewertungen
uploads-stats-notes = Was dazu geschrieben wurde, ohne Namen, aus { $days } Tagen:

uploads-unanswered = Fragen ohne Antwort
uploads-unanswered-off = Wörter aus Fragen ohne Antwort werden nicht gespeichert. Das lässt sich mit `/einstellungen` einschalten.
uploads-unanswered-none = Noch nichts.
uploads-unanswered-line = { $words } · { $count ->
    [one] einmal
   *[other] { $count }-mal
}, zuletzt { $day }{ $closest ->
    [0] {""}
   *[other] {" "}· ähnliche Beiträge gezeigt: { $closest }-mal
}
uploads-unanswered-kept = Die Wörter werden { $days } Tage gespeichert, aber nicht, wer gefragt hat.

command-archive = archiv
command-archive-does = Verwaltet die eigenen Threads dieses Servers (nur für Admins).
command-archive-add = hinzufügen
command-archive-add-does = Liest Threads aus einer Datei oder von einem Link ein, nur für diesen Server.
command-archive-file = datei
command-archive-add-file-is = Eine gespeicherte Seite, ein Export oder ein Zip
command-archive-link = link
command-archive-add-link-is = Ein Link zu einem Beitrag auf Bluesky oder Mastodon; der ganze Thread wird geholt
command-archive-collection = sammlung
command-archive-add-collection-is = Name der Sammlung, in die die Threads kommen; ohne Angabe main
command-archive-list = liste
command-archive-list-does = Zeigt die Dateien mit den eigenen Threads dieses Servers.
command-archive-remove = entfernen
command-archive-remove-does = Entfernt die Threads einer Datei endgültig von diesem Server.
command-archive-remove-file-is = Tipp den Namen ein und wähl aus der Liste
command-archive-export = exportieren
command-archive-export-does = Schreibt die eigenen Threads dieses Servers in eine Datei.
command-archive-export-collection-is = Welche Sammlung; ohne Angabe main
command-archive-stats = statistik
command-archive-stats-does = Zeigt, was du auf diesem Server fragen kannst und wie Antworten bewertet werden.
command-archive-unanswered = unbeantwortet
command-archive-unanswered-does = Zeigt Wörter aus Fragen, zu denen hier nichts im Archiv steht.
