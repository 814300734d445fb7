# Was Bobbin selbst sagt.

notice-button-expired = Dieser Button funktioniert nicht mehr. Frag noch einmal, dann bekommst du neue.
notice-not-yours = Blättern kann hier nur, wer gefragt hat. Frag mich selbst, dann bekommst du deine eigene Antwort.
notice-gone = Das ist nicht mehr im Archiv, deshalb kann ich es nicht zeigen.
notice-failed = Bei mir ist etwas schiefgegangen, und ich habe es protokolliert. Bitte versuch es gleich noch einmal. (Kennung: { $reference })
notice-store-refuses = { $reason }. Es wurde nichts geändert.
notice-store-refuses-partly = { $reason }. Was vorher erledigt war, bleibt; sonst wurde nichts geändert. Versuch es noch einmal, sobald das behoben ist.
notice-cannot-answer = Ich kann gerade nicht antworten. Der Betreiber weiß Bescheid.
notice-command-outdated = Diesen Befehl gibt es so nicht mehr. Lade Discord neu (Strg+R oder die App neu starten) und versuch es noch einmal.
notice-empty-question = Deine Frage ist leer. Schreib, was du wissen willst.
notice-empty-message = In dieser Nachricht steht kein Text, nach dem ich suchen könnte. Versuch es mit einer anderen.

notice-hello = Hallo, ich bin { $name }
notice-what-i-do = Ich habe ein Archiv voller Threads. Stell mir eine Frage, und ich zitiere die Beiträge, die sie beantworten, Wort für Wort; den ganzen Thread kannst du jeweils dazu lesen. Ich erfinde nichts: Steht keine Antwort im Archiv, sage ich das.
notice-how-to-ask = **Fragen:** Erwähne mich mit deiner Frage, antworte auf eine Nachricht von mir, schreib mir eine Direktnachricht oder nimm `/frage`. Oder wähl im Menü einer Nachricht Apps › { $menu }.
notice-how-to-look-up = **Nachschlagen:** `/thread` zeigt einen ganzen Thread.
notice-how-to-learn-more = **Mehr:** `/hilfe` beantwortet Fragen über mich.
notice-not-yours-to-remove = Das können nur die Person, die gefragt hat, und Moderatoren entfernen.
notice-mention-me = Wenn du meine Rolle erwähnst, zeigt mir Discord deinen Text nicht. Erwähne mich statt der Rolle oder nimm `/frage`.

# Was dem Senden einer Antwort im Weg steht, als Direktnachricht.

obstacle-asker = Ich kann dir in { $channel } nicht antworten: { $reason }
obstacle-admin = In { $channel } auf **{ $server }** hat mich jemand etwas gefragt, aber ich darf dort nicht antworten. Gib mir in diesem Kanal „Kanal ansehen“ und „Nachrichten senden“ (in Threads: „Nachrichten in Threads senden“) oder wähl mit `/einstellungen` andere Kanäle.
obstacle-permissions = Mir fehlt dort die Berechtigung „Nachrichten senden“. Ein Admin des Servers kann das ändern. Bis dahin kannst du mir hier schreiben.
obstacle-archived = Der Thread ist archiviert. Öffne ihn wieder oder schreib mir hier.
obstacle-locked = Der Thread ist gesperrt. Frag in einem anderen Kanal oder schreib mir hier.
obstacle-slow-mode = Dort ist der Slowmode an. Frag etwas später noch einmal oder schreib mir hier.
obstacle-filter = Ein Filter des Servers (AutoMod) blockiert meine Antwort. Ein Admin kann für mich eine Ausnahme machen.
