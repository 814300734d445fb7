# Was Seiten im Browser sagen.

page-skip = Zum Inhalt springen
page-nav = Seiten
page-threads = Threads
page-authors = Autoren
page-trend = Verlauf
page-home = Zur ersten Seite
page-question = Frage
page-question-hint = Was möchtest du wissen?
page-ask = Fragen
page-footer = Bobbin zitiert Beiträge Wort für Wort und erfindet nichts.
page-feed = Feed neuer Threads
page-feed-title = Neue Threads
page-front-title = Frag das Archiv

page-error-reference = Kennung für den Betreiber: { $reference }
page-error-wrong-title = So lässt sich nicht fragen
page-error-wrong = Diese Adresse versteht Bobbin nicht.
page-error-not-found-title = Hier ist nichts
page-error-not-found = Diese Seite gibt es nicht, oder ihre Adresse ist abgelaufen.
page-error-method-title = Seiten lassen sich nur lesen
page-error-method = Diese Adresse nimmt keine Änderungen an.
page-error-long-title = Eine sehr lange Frage
page-error-long = Eine Frage darf bis zu 1.000 Zeichen haben. Zwei, drei treffende Wörter finden oft mehr.
page-error-often-title = Zu viele Anfragen
page-error-often = Bitte etwas langsamer: versuch es gleich noch einmal.
page-error-busy-title = Beschäftigt
page-error-busy = Bobbin kann gerade nicht antworten. Versuch es in ein paar Sekunden noch einmal.
page-error-other-title = Etwas ist schiefgegangen
page-error-other = Es ist notiert; bitte versuch es gleich noch einmal.
