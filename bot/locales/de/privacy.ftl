# Was Bobbin von wem aufbewahrt, wie lange, und wie es vergisst. Ein Satz je Tabelle seiner zwei Datenbanken.

command-privacy = datenschutz
command-privacy-does = Zeigt, was Bobbin über wen wie lange speichert und wie es gelöscht wird.
command-privacy-forget = vergiss-mich
command-privacy-forget-is = Löscht alles, was mit dir in Verbindung gebracht werden kann

privacy-details = Details
privacy-title = Was ich speichere
privacy-never = Deine Fragen, meine Antworten und dein Konto speichere ich nicht auf der Festplatte; nur die Suche eines Alarms, wenn du einen mit `/alarm anlegen` anlegst. Ich suche auf dem Rechner, auf dem ich laufe; deine Frage geht an niemanden sonst. Ich lese nur, was an mich gerichtet ist.
privacy-threads-head = Über Autoren, deren Threads im Archiv sind
privacy-servers-head = Über Server
privacy-of-nobody = Über niemanden, nur zur Buchführung: { $tables }.
privacy-memory = Nur im Arbeitsspeicher und nach einem Neustart weg: wer wann gefragt hat, wenn der Server Limits hat, höchstens einen Tag lang; die Sprache der letzten Fragenden; welche der letzten Antworten geteilt oder bewertet wurden und von wem.
privacy-discord = In Discord: Die Buttons unter meinen Antworten enthalten die Konto-ID der Person, die gefragt hat, und Prüfsummen der Wörter. Sie verschwinden mit der Nachricht.
privacy-forget-you = Dich vergessen: `/datenschutz vergiss-mich`. Die Threads sind von dir? Der Betreiber entfernt sie mit `bobbin forget @du` bis zum letzten Byte, und sie kommen nicht wieder.
privacy-forget-server = Wenn ich einen Server verlasse, wird nach { $days } Tagen alles über ihn gelöscht, auch seine eigenen Threads. Bis dahin kann er mich zurückholen.
privacy-here-unanswered = Auf diesem Server werden die Wörter von Fragen, zu denen nichts im Archiv steht, für die Admins gespeichert; nicht aber, wer gefragt hat.

privacy-forgotten = Erledigt. { $count ->
    [0] Ich wusste nichts über dich, was ich vergessen könnte
    [one] Ich habe vergessen, dass du einmal gefragt hast
   *[other] Ich habe vergessen, dass du { $count }-mal gefragt hast
}; auch deine Sprache und alles, was in einer Tabelle über dein Konto stand, ist gelöscht. Was du zu „nicht hilfreich“ geschrieben hast, steht dort ohne Namen und verschwindet wie bei allen nach { $days } Tagen.

privacy-table-collections = Sammlungen: ihre Namen und der Server, dem eine Sammlung gehört.
privacy-table-sources = Dateien: die Namen eingelesener Dateien, bis die Datei entfernt wird.
privacy-table-threads = Threads: Name des Autors, Titel, Adresse und Zeit.
privacy-table-posts = Beiträge: Text, Name des Autors, Adresse und Zeit.
privacy-table-versions = Fassungen: was in welcher Datei über einen Thread steht.
privacy-table-keys = Schlüssel: Prüfsummen, mit denen Beiträge wiedergefunden werden.
privacy-table-links = Verweise: Prüfsummen, mit denen ältere Links und Buttons ihre Threads finden.
privacy-table-separated = Trennungen: welche Threads ein Update getrennt hat, nach Nummer.
privacy-table-receipts = Importberichte: was aus jeder Datei wurde (Name, Anzahlen, was weshalb fehlt), bis etwas entfernt oder gelöscht wird.
privacy-table-archive = All das, bis die Datei entfernt wird oder ihr Autor oder Server gelöscht wird.
privacy-table-tombstones = Löschvermerke: Prüfsummen gelöschter Autoren, Beiträge, Server und Konten, dauerhaft, auch in einer Datei neben der Datenbank und in jeder Sicherung. So kommt nichts wieder, auch nicht aus einer alten Sicherung.

privacy-table-preferences = Einstellungen mit den IDs von Kanälen und Rollen: bis ich weg bin.
privacy-table-departures = seit wann ich nicht mehr auf dem Server bin: { $grace } Tage.
privacy-table-unanswered = wenn die Admins es wollen: Wörter von Fragen, zu denen nichts im Archiv steht, ohne Namen: { $unanswered } Tage.
privacy-table-judgements = wie oft die Zitate eines Threads als hilfreich oder nicht hilfreich bewertet wurden: bis ich weg bin.
privacy-table-judgement_notes = was zu „nicht hilfreich“ geschrieben wurde, ohne Namen: { $notes } Tage.
privacy-table-alerts = Alarme: die Wörter der Suche, die Konto-ID, wohin und wann nicht: bis man sie löscht, vergessen werden will, eine Direktnachricht ablehnt oder geht, oder ich weg bin.
privacy-table-alert_matches = was zu einem Alarm passte: so lange wie er.
privacy-table-alert_reports = welche Meldungen an wen gingen: { $reports } Tage.
privacy-table-digest_subscriptions = wo und wann der Überblick kommt, und die Konto-ID seines Admins, falls er nicht gepostet werden kann: bis er abgeschaltet wird.
privacy-table-digests = welche Überblicke gepostet wurden, mit den IDs ihrer Nachrichten: { $digests } Tage.
privacy-table-digest_shown = welche Threads ein Überblick gezeigt hat: bis ich weg bin.
privacy-table-digest_editions = was jeder Überblick gezeigt hat, für seine Seite: bis ich weg bin.
privacy-table-setup_cards = ob seine Einrichtungskarte einem Admin gezeigt wurde: bis ich weg bin.
privacy-table-saved_messages = Nachrichten, die ein Admin ins Archiv übernommen hat, mit der Konto-ID ihres Autors: bis sie gelöscht werden, er es verlangt oder ich weg bin.
privacy-table-followed_accounts = in `servers.db`: Konten, denen gefolgt wird, solange das so ist.
privacy-table-follows = wem er folgt, in welche Sammlung: bis das endet oder ich weg bin.
privacy-table-followed_threads = deren schon behandelte Threads, ebenso lange.
privacy-table-fetched_threads = Links, nach denen ich wieder frage: bis sie entfernt sind oder ich weg bin.
privacy-table-permission_gaps = sein Name und welche Berechtigungen mir dort fehlen: bis ich weg bin.
privacy-table-asked = wie viele Fragen an einem Tag beantwortet wurden: { $counts } Tage.
privacy-table-quoted = wie oft ein Thread an einem Tag zitiert wurde: { $counts } Tage.
