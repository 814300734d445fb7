# Was Bobbin selbst sagt.

notice-button-expired = Dieser Knopf geht nicht mehr. Frag noch einmal, dann bekommst du neue.
notice-not-yours = Nur wer gefragt hat, kann hier blättern. Frag mich selbst, dann bekommst du deine eigene Antwort.
notice-gone = Das ist nicht mehr im Archiv, ich kann es also nicht zeigen.
notice-failed = Bei mir ist etwas schiefgegangen. Es ist festgehalten; bitte versuche es gleich noch einmal. (Kennung: { $reference })
notice-store-refuses = { $reason }. Es wurde nichts geändert.
notice-cannot-answer = Ich kann gerade nicht antworten; der Betreiber ist benachrichtigt.
notice-command-outdated = Dieser Befehl hat sich geändert. Lade Discord neu (Strg+R, oder starte die App neu) und versuche es noch einmal.
notice-empty-question = In einer leeren Frage gibt es nichts zu suchen. Schreib, was du wissen willst.
notice-empty-message = In dieser Nachricht stehen keine Wörter, nach denen ich suchen könnte. Versuche es bei einer Nachricht mit Text.

notice-hello = Hallo, ich bin { $name }
notice-what-i-do = Ich hüte ein Archiv von Threads. Frag mich etwas: Ich suche die Beiträge, die darauf antworten, und zitiere sie Wort für Wort, jeden mit einem Weg zum ganzen Thread. Ich erfinde nichts: Wo das Archiv keine Antwort hat, sage ich es.
notice-how-to-ask = **Fragen:** Erwähne mich mit deiner Frage, antworte mir, schreib mir eine Direktnachricht oder nimm `/ask`. Bei jeder Nachricht geht Apps › { $menu }.
notice-how-to-look-up = **Nachschlagen:** `/thread` zeigt einen Thread ganz.
notice-how-to-learn-more = **Mehr:** `/help` beantwortet Fragen über mich.
notice-not-yours-to-remove = Nur wer gefragt hat und die Moderation können das entfernen.
