# Was Bobbin selbst sagt.

notice-button-expired = Dieser Button funktioniert nicht mehr. Frag noch einmal, dann bekommst du neue.
notice-not-yours = Nur wer gefragt hat, kann hier blättern. Frag mich selbst, dann bekommst du deine eigene Antwort.
notice-gone = Das ist nicht mehr im Archiv, ich kann es also nicht zeigen.
notice-failed = Bei mir ist etwas schiefgegangen. Es ist festgehalten; bitte versuche es gleich noch einmal. (Kennung: { $reference })
notice-store-refuses = { $reason }. Es wurde nichts geändert.
notice-store-refuses-partly = { $reason }. Was vorher erledigt war, bleibt; am Rest wurde nichts geändert. Wiederhole es, sobald das behoben ist.
notice-cannot-answer = Ich kann gerade nicht antworten; der Betreiber ist benachrichtigt.
notice-command-outdated = Dieser Befehl hat sich geändert. Lade Discord neu (Strg+R, oder starte die App neu) und versuche es noch einmal.
notice-empty-question = Deine Frage ist leer. Schreib, was du wissen willst.
notice-empty-message = In dieser Nachricht steht kein Text, nach dem ich suchen könnte.

notice-hello = Hallo, ich bin { $name }
notice-what-i-do = Ich habe ein Archiv mit Threads. Frag mich etwas: Ich suche die Beiträge, die darauf antworten, und zitiere sie Wort für Wort, jeweils mit dem ganzen Thread dahinter. Ich erfinde nichts: Wenn das Archiv keine Antwort hat, sage ich das.
notice-how-to-ask = **Fragen:** Erwähne mich mit deiner Frage, antworte mir, schreib mir eine Direktnachricht oder nimm `/frage`. Bei jeder Nachricht geht auch Apps › { $menu }.
notice-how-to-look-up = **Nachschlagen:** `/thread` zeigt einen ganzen Thread.
notice-how-to-learn-more = **Mehr:** `/hilfe` beantwortet Fragen über mich.
notice-not-yours-to-remove = Nur wer gefragt hat und die Moderation können das entfernen.
notice-mention-me = Wenn du meine Rolle erwähnst, zeigt mir Discord nicht, was du geschrieben hast. Erwähne mich statt der Rolle oder nimm `/frage`.

# Was dem Senden einer Antwort im Weg steht, als Direktnachricht.

obstacle-asker = Ich kann dir in { $channel } nicht antworten: { $reason }
obstacle-admin = In { $channel } auf **{ $server }** hat mich jemand etwas gefragt, aber ich darf dort nicht antworten. Gib mir in diesem Kanal „Kanal anzeigen“ und „Nachrichten senden“ (in Threads: „Nachrichten in Threads senden“) oder wähle mit `/einstellungen` andere Kanäle.
obstacle-permissions = Mir fehlt dort die Berechtigung, Nachrichten zu senden. Ein Admin des Servers kann das ändern. Bis dahin schreib mir hier.
obstacle-archived = Der Thread ist archiviert. Öffne ihn wieder oder schreib mir hier.
obstacle-locked = Der Thread ist gesperrt. Frag in einem anderen Kanal oder schreib mir hier.
obstacle-slow-mode = Dort ist der Slowmode an. Frag etwas später noch einmal oder schreib mir hier.
obstacle-filter = Ein Filter des Servers (AutoMod) blockiert meine Antwort. Ein Admin kann mich davon ausnehmen.
