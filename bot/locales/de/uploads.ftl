# Was die Admins eines Servers hochladen, und was daraus wurde.

uploads-too-large = { $name } hat { $size } MiB; erlaubt sind { $most }. Packe die Datei als Zip, teile sie, oder bitte den Betreiber, sie einzulesen.
uploads-full = Die Threads dieses Servers haben schon { $posts } Beiträge, und { $most } sind erlaubt. Entferne erst eine Datei mit `/archiv entfernen`.
uploads-busy = Von diesem Server wird schon etwas eingelesen. Warte, bis es fertig ist.
uploads-collections = Dieser Server hat { $count } Sammlungen, und mehr sind nicht erlaubt. Nimm eine davon: { $names }.
uploads-gone = Die Datei ließ sich bei Discord nicht abholen. Lade sie noch einmal hoch.
uploads-waiting = { $name }: wartet, bis ein anderer Server fertig ist.
uploads-reading = { $name }: { $percent } %, { $count ->
    [one] { $count } Beitrag
   *[other] { $count } Beiträge
}
uploads-taking-up = { $name } ist da. Die Suche nimmt es auf.
uploads-done = { $name } ist da und kann auf diesem Server gefragt werden, und auf keinem anderen.
uploads-failed = { $name } ließ sich nicht lesen: { $reason }. Nichts davon wurde behalten.
uploads-no-thread = { $name } sieht nicht nach einem Thread aus: keine fortlaufende Nummerierung, keine bekannte Seite, kein Vorspann. Davon wurde nichts behalten.
uploads-nothing-in-it = { $name } enthält keinen Thread. Davon wurde nichts behalten.
uploads-plain = Als reinen Text importieren
uploads-plain-means = Reiner Text wird zu einem Thread, den alle lesen und zitiert bekommen können, die hier fragen dürfen.
uploads-plain-too-large = Die Datei ist zu groß, um sie hier bereitzuhalten. Bitte den Betreiber, sie als reinen Text zu importieren.
uploads-passed-over = Ausgelassen, weil sie nicht nach einem Thread aussehen: { $names }.
uploads-partly = { $name } ist da, soweit es sich lesen ließ, und kann auf diesem Server gefragt werden, und auf keinem anderen.
uploads-time = { $name } zu lesen dauerte länger als { $seconds } Sekunden und wurde abgebrochen. Teile die Datei, oder bitte den Betreiber, sie einzulesen.
uploads-room = Mit { $name } hätte dieser Server mehr als { $most } Beiträge; es wurde abgebrochen. Entferne eine Datei mit `/archiv entfernen`, oder lade weniger hoch.
uploads-stopping = Ich werde gleich angehalten, { $name } wurde daher abgebrochen. Lade es in einer Minute noch einmal hoch.
uploads-refused = { $name } wurde abgebrochen: { $reason }. Lade es noch einmal hoch, sobald das behoben ist.
uploads-kept-before = Von den Dateien darin sind { $count } da, und von den anderen nichts.
uploads-threads = Threads: { $new } neu, { $updated } ergänzt, { $unchanged } unverändert.
uploads-posts = Beiträge: { $new } neu, { $updated } ergänzt, { $unchanged } unverändert.
uploads-left-out = Ausgelassen: { $what }.
uploads-warnings = Anmerkungen:
uploads-more = und { $count } weitere

uploads-list = Dateien dieses Servers
uploads-none = Dieser Server hat keine eigenen Threads. `/archiv aufnehmen` liest sie aus einer Datei ein.
uploads-file = { $threads }, { $posts } · { $collection } · { $day }
uploads-page = Seite { $page } von { $pages }
uploads-back = Zurück
uploads-next = Weiter

uploads-no-such = So eine Datei hat dieser Server nicht. Wähle eine aus der Liste.
uploads-everything = Alles: { $count } Dateien
uploads-removal = { $name } entfernen?
uploads-removal-all = Alle Dateien dieses Servers entfernen?
uploads-removal-takes = Damit gehen { $threads } mit { $posts } für immer.
uploads-removal-changes = { $threads } bleiben so, wie andere Dateien sie haben.
uploads-remove = Entfernen
uploads-keep = Behalten
uploads-kept = Nichts wurde entfernt.
uploads-removed = Entfernt: { $threads }, { $posts }. Im Archiv ist keine Kopie mehr davon.
uploads-removed-not-wiped = Entfernt: { $threads }, { $posts }. Ein anderes Programm liest gerade das Archiv; Spuren bleiben in dessen Datei, bis wieder etwas entfernt wird.

uploads-export = Die Threads von { $collection }, einer je Zeile. `/archiv aufnehmen` liest die Datei wieder ein.
uploads-export-none = Eine Sammlung dieses Namens hat dieser Server nicht.
uploads-export-too-large = Das wären mehr als { $count } Dateien zu { $size } MiB. Bitte den Betreiber darum.

uploads-stats = Was es auf diesem Server zu fragen gibt
uploads-stats-own = Eigenes: { $threads } mit { $posts }, in { $count ->
    [one] { $count } Sammlung
   *[other] { $count } Sammlungen
}. { $room } Beiträge mehr sind erlaubt.
uploads-stats-public = Allen Servern offen: { $threads } mit { $posts }.
uploads-stats-previews = { $count ->
    [one] Von { $count } Thread sind nur die ersten Beiträge bekannt.
   *[other] Von { $count } Threads sind nur die ersten Beiträge bekannt.
}
uploads-stats-judged = Antworten beurteilt: { $helpful }-mal hilfreich, { $unhelpful }-mal nicht.
uploads-stats-unhelpful = Am häufigsten nicht hilfreich:
uploads-stats-thread = { $title }: { $unhelpful } von { $count } Malen
uploads-stats-notes = Was Leute dazu geschrieben haben, ohne ihren Namen, { $days } Tage lang:

uploads-unanswered = Fragen ohne Antwort
uploads-unanswered-off = Die Wörter von Fragen ohne Antwort werden nicht aufbewahrt. `/einstellungen` schaltet das ein.
uploads-unanswered-none = Noch nichts.
uploads-unanswered-line = { $words } · { $count ->
    [one] einmal
   *[other] { $count }-mal
}, zuletzt { $day }{ $closest ->
    [0] {""}
   *[other] {" "}· nächste Beiträge gezeigt: { $closest }×
}
uploads-unanswered-kept = Wörter werden { $days } Tage aufbewahrt, ohne wer gefragt hat.

command-archive = archiv
command-archive-does = Die eigenen Threads dieses Servers: für seine Admins.
command-archive-add = aufnehmen
command-archive-add-does = Threads aus einer Datei aufnehmen, nur für diesen Server.
command-archive-file = datei
command-archive-add-file-is = Eine gespeicherte Seite, ein Export oder ein Zip, in jeder Form, die Bobbin liest
command-archive-collection = sammlung
command-archive-add-collection-is = Unter welchem Namen die Threads stehen; ohne Angabe main
command-archive-list = liste
command-archive-list-does = Die Dateien der eigenen Threads dieses Servers.
command-archive-remove = entfernen
command-archive-remove-does = Die Threads einer Datei für immer aus denen dieses Servers nehmen.
command-archive-remove-file-is = Beginne ihren Namen zu tippen und wähle aus der Liste
command-archive-export = ausgeben
command-archive-export-does = Die eigenen Threads dieses Servers in eine Datei schreiben.
command-archive-export-collection-is = Welche Sammlung; ohne Angabe main
command-archive-stats = zahlen
command-archive-stats-does = Was es auf diesem Server zu fragen gibt, und wie Antworten beurteilt werden.
command-archive-unanswered = unbeantwortet
command-archive-unanswered-does = Die Wörter von Fragen, die hier nichts fanden.
