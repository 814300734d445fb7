# Was Bobbin von wem aufbewahrt, wie lange, und wie es vergisst. Ein Satz je Tabelle seiner zwei Datenbanken.

command-privacy = datenschutz
command-privacy-does = Was Bobbin von wem aufbewahrt, wie lange, und wie es vergisst.
command-privacy-forget = vergiss-mich
command-privacy-forget-is = Vergessen, was von mir bekannt sein kann

privacy-title = Was ich aufbewahre
privacy-never = Keine Frage, keine Antwort und kein Konto derer, die fragen, steht auf der Festplatte. Gesucht wird auf dem Rechner, auf dem ich laufe; die Frage geht an niemanden. Ich lese nur, was an mich gerichtet ist.
privacy-threads-head = Von Verfassern, deren Threads im Archiv sind
privacy-servers-head = Von Servern
privacy-of-nobody = Von niemandem, zur Buchführung: { $tables }.
privacy-memory = Nur im Arbeitsspeicher, mit einem Neustart fort: wer wann gefragt hat, wo ein Server Kontingente hat, höchstens einen Tag; die Sprache der letzten Leute; welche der letzten Antworten geteilt oder beurteilt wurden, und von wem.
privacy-discord = In Discord: Die Knöpfe unter meinen Antworten enthalten die Kontonummer dessen, der gefragt hat, und Prüfsummen der Wörter. Sie gehen mit der Nachricht.
privacy-forget-you = Mich vergessen: `/datenschutz vergiss-mich`. Die Threads sind von dir? Der Betreiber nimmt sie mit `bobbin forget @du` heraus, bis zum letzten Byte, und sie kommen nicht wieder.
privacy-forget-server = Verlasse ich einen Server, so wird alles von ihm nach { $days } Tagen gelöscht, auch seine eigenen Threads; bis dahin kann er mich zurückholen.
privacy-here-unanswered = Auf diesem Server werden die Wörter von Fragen, die nichts finden, für die Admins aufbewahrt, ohne wer gefragt hat.

privacy-forgotten = Erledigt. { $count ->
    [0] Ich wusste nichts von dir, was sich vergessen ließe
    [one] Ich habe vergessen, dass du gefragt hast, einmal
   *[other] Ich habe vergessen, dass du gefragt hast, { $count }-mal
}; auch deine Sprache und was eine Tabelle von deinem Konto hatte, ist vergessen. Was du zu „nicht hilfreich“ geschrieben hast, trägt keinen Namen und geht wie bei allen nach { $days } Tagen.

privacy-table-collections = Sammlungen: ihre Namen, und welchem Server eine gehört.
privacy-table-sources = Dateien: die Namen eingelesener Dateien, bis die Datei zurückgenommen wird.
privacy-table-threads = Threads: Name des Verfassers, Titel, Adresse und Zeit.
privacy-table-posts = Beiträge: Text, Name des Verfassers, Adresse und Zeit.
privacy-table-versions = Fassungen: was jede Datei von einem Thread sagt.
privacy-table-keys = Schlüssel: Prüfsummen, mit denen Beiträge wiedergefunden werden.
privacy-table-links = Verweise: Prüfsummen, mit denen frühere Links und Knöpfe ihre Threads finden.
privacy-table-separated = Getrennt: welche Threads ein Update voneinander getrennt hat, nach Nummer.
privacy-table-archive = All das, bis die Datei zurückgenommen oder der Verfasser oder der Server vergessen wird.
privacy-table-tombstones = Grabsteine: Prüfsummen vergessener Verfasser, Beiträge, Server und Konten, für immer, auch in einer Datei neben der Datenbank und in jeder Sicherung, damit nichts wiederkommt, auch nicht mit einer alten Sicherung.

privacy-table-preferences = Einstellungen, mit den Nummern von Kanälen und Rollen: bis ich fort bin.
privacy-table-departures = seit wann ich nicht mehr dort bin: { $grace } Tage.
privacy-table-unanswered = wo die Admins es wollen, Wörter von Fragen, die nichts fanden, ohne wer gefragt hat: { $unanswered } Tage.
privacy-table-judgements = wie oft Zitate eines Threads hilfreich genannt wurden oder nicht: bis ich fort bin.
privacy-table-judgement_notes = was Leute zu „nicht hilfreich“ geschrieben haben, ohne wer es war: { $notes } Tage.
privacy-table-digest_subscriptions = wo und wann der Überblick kommt, und die Kontonummer des Admins, der ihn eingerichtet hat, um ihm zu sagen, wenn er nicht ankommt: bis er beendet wird.
privacy-table-digests = welche Überblicke kamen, mit den Nummern ihrer Nachrichten: { $digests } Tage.
privacy-table-digest_shown = welche Threads ein Überblick gezeigt hat: bis ich fort bin.
privacy-table-asked = wie viele Fragen an einem Tag beantwortet wurden: { $counts } Tage.
privacy-table-quoted = wie oft ein Thread an einem Tag zitiert wurde: { $counts } Tage.
