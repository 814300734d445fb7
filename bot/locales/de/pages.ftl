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

page-all-authors = Alle Autoren
page-all-threads = Alle Threads
page-collections = Sammlungen
page-handbook = Das Archiv ist leer, darum steht hier Bobbins Handbuch.
page-untitled = Thread ohne Titel
page-no-authors = Hier ist kein Autor bekannt.
page-preview = Vorschau
page-fragment = Bruchstück
page-preview-note = Dies ist eine Vorschau: nur die ersten Beiträge des Threads sind im Archiv.
page-preview-end = Der Thread geht weiter, aber der Rest ist nicht im Archiv.
page-fragment-note = Dies ist ein Bruchstück: andere Beiträge des Threads sind nicht im Archiv.
page-private-note = Dieser Thread gehört einem einzelnen Server. Seine Adresse gilt 24 Stunden; wer sie hat, kann ihn lesen.
page-gap = { $count ->
    [one] Hier fehlt { $count } Beitrag
   *[other] Hier fehlen { $count } Beiträge
}
page-highlighted = { $count ->
    [one] Die Wörter stehen in { $count } Beitrag.
   *[other] Die Wörter stehen in { $count } Beiträgen.
}
page-first-found = Zum ersten
page-link-to-post = Link zu Beitrag { $ordinal }
page-numbered = Nummer { $number }
page-original = Original
page-original-of = Original von Beitrag { $ordinal }
page-forms = Als
page-form-txt = Text
page-pager = Seiten der Liste
page-back = ‹ Zurück
page-further = Weiter ›
page-of = { $page } von { $pages }

page-place = Beitrag { $ordinal } von { $length }
page-more = Mehr Zitate
page-corrected = Gesucht als:
page-nothing-found = Ich habe das Archiv durchgesehen und nichts dazu gefunden, darum rate ich nicht. Versuch es mit anderen Wörtern, weniger Wörtern oder einem Namen.
page-did-you-mean = Meintest du:
page-closest = Kein Beitrag beantwortet das sicher. Am nächsten kommen:
page-words-known = Das Archiv kennt:
page-words-unknown = In keinem Beitrag steht:
page-score = Wertung { $score }
page-score-explained = Woraus die Wertung besteht: die BM25-Anteile der Wörter der Frage, dann was sonst zählt.
page-share = Anteil
page-share-of = Wort oder Zeichen
page-share-post = Wörter des Beitrags
page-share-context = Wörter ringsum
page-share-thread = Wörter des Threads
page-share-pairs = benachbarte Wörter
page-share-grams = Buchstabenfolgen
page-share-answer = die gefragte Art von Antwort
page-share-first = eröffnet seinen Thread
page-share-conversation = zuvor zitiert
page-share-phrase = der genaue Wortlaut

page-trend-of = Verlauf von
page-trend-hint = Wie oft wurde zu einem Wort geschrieben?
page-trend-show = Zeigen
page-trend-picture = Balken: Beiträge in jedem Monat
page-trend-caption = { $count ->
    [one] { $count } Beitrag mit bekanntem Datum.
   *[other] { $count } Beiträge mit bekanntem Datum, nach Monaten.
}
page-trend-undated = { $count ->
    [one] { $count } weiterer ist ohne bekanntes Datum.
   *[other] { $count } weitere sind ohne bekanntes Datum.
}
page-trend-none = Kein Beitrag enthält diese Wörter.
page-trend-table = Dasselbe als Tabelle
page-trend-posts = Beiträge
page-trend-ask = Das Archiv danach fragen
page-month = Monat

page-several-title = Mehrere Threads beginnen gleich
page-several = Diese Adresse zeigte einmal einen dieser Threads. Welchen, ist nicht mehr bekannt.
page-several-more = { $count ->
    [one] und ein weiterer.
   *[other] und { $count } weitere.
}

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

page-description = Fragen, beantwortet mit wörtlichen Zitaten aus einem Archiv gespeicherter Threads.
page-about = Das ist ein Archiv gespeicherter Threads. Auf eine Frage zitiert Bobbin wörtlich die Beiträge, die sie beantworten; es wird kein Text erzeugt.
page-examples = Zum Beispiel:
page-by = von
page-more-authors = { $count ->
    [one] und einer weiteren Person
   *[other] und { $count } weiteren
}
page-period = vom { $first } bis { $last }
page-arrived = Zuletzt hinzugekommen
page-languages = Sprachen
page-threads-description = { $count ->
    [one] Eine Liste mit einem gespeicherten Thread.
   *[other] Eine Liste von { $count } gespeicherten Threads.
}
page-author-description = { $count ->
    [one] Ein gespeicherter Thread von { $name }.
   *[other] { $count } gespeicherte Threads von { $name }.
}
page-filter = Filtern und sortieren
page-filter-words = Wörter in Titel, Anfang oder Name
page-filter-author = Autor
page-filter-collection = Sammlung
page-filter-all = Alle
page-filter-since = Veröffentlicht ab
page-filter-until = Veröffentlicht bis
page-filter-show = Liste zeigen
page-filter-none = Kein Thread ist so.
page-sort = Sortieren nach
page-sort-date = Datum, neueste zuerst
page-sort-arrival = Ankunft im Archiv, letzte zuerst
page-sort-length = Länge, längste zuerst
page-sort-title = Titel, A bis Z
page-author-search = Autor suchen
page-author-find = Suchen
page-no-such-author = Kein Name enthält das.
page-cite = Zitieren
page-cite-title = Zitieren: { $title }
page-as-file = Als Datei
page-source = Quelle:
page-within = In diesem Thread suchen
page-within-find = Suchen
page-within-none = Kein Beitrag dieses Threads enthält diese Wörter.
page-match-before = ‹ voriger Treffer
page-match-after = nächster Treffer ›
page-later = { $count ->
    [one] Ein Beitrag auf einer späteren Seite
   *[other] { $count } Beiträge auf späteren Seiten
}
page-neighbours = Threads derselben Person
page-thread-before = Voriger Thread:
page-thread-after = Nächster Thread:
page-related = Verwandte Threads
page-why = Warum dieses Zitat?
page-why-words = Wörter der Frage, die hierher führten:
page-why-signs = Was außerdem zählte:
page-feed-more = Der ganze Thread
page-trend-common = Diese Wörter sind zu häufig zum Zählen: Fast jeder Beitrag enthält sie.
