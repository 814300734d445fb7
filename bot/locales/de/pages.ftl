# Was Seiten im Browser sagen.

page-skip = Zum Inhalt springen
page-nav = Seiten
page-threads = Threads
page-authors = Autoren
page-trend = Verlauf
page-home = Zur Startseite
page-question = Frage
page-question-hint = Was möchtest du wissen?
page-ask = Fragen
page-footer = Bobbin zitiert Beiträge Wort für Wort und erfindet nichts.
page-feed = Feed mit neuen Threads
page-feed-title = Neue Threads
page-front-title = Frag das Archiv

page-all-authors = Alle Autoren
page-all-threads = Alle Threads
page-collections = Sammlungen
page-handbook = Das Archiv ist leer, deshalb siehst du hier Bobbins Handbuch.
page-untitled = Thread ohne Titel
page-no-authors = Hier sind keine Autoren bekannt.
page-preview = Vorschau
page-fragment = unvollständig
page-preview-note = Das ist eine Vorschau: Nur die ersten Beiträge des Threads sind im Archiv.
page-preview-end = Der Thread geht weiter, aber der Rest ist nicht im Archiv.
page-fragment-note = Dieser Thread ist unvollständig: Andere Beiträge sind nicht im Archiv.
page-private-note = Dieser Thread gehört einem einzelnen Server. Seine Adresse gilt 24 Stunden; wer sie kennt, kann ihn lesen.
page-digests = Überblicke
page-digest-feed = Feed dieser Überblicke
page-digest-note = Diese Seiten gehören zu einem Server. Ihre Adressen laufen nicht ab; wer eine hat, kann sie lesen. Was aus dem Archiv entfernt wurde, steht auch hier nicht mehr.
page-digest-gone = { $count ->
    [one] Ein Thread dieses Überblicks wurde aus dem Archiv entfernt.
   *[other] { $count } Threads dieses Überblicks wurden aus dem Archiv entfernt.
}
page-gap = { $count ->
    [one] Hier fehlt { $count } Beitrag
   *[other] Hier fehlen { $count } Beiträge
}
page-highlighted = { $count ->
    [one] Die Wörter kommen in { $count } Beitrag vor.
   *[other] Die Wörter kommen in { $count } Beiträgen vor.
}
page-first-found = Zum ersten Treffer
page-link-to-post = Link zu Beitrag { $ordinal }
page-numbered = Nummer { $number }
page-attached-image = Bild:
page-attached-video = Video:
page-attached-quoted = Zitierter Beitrag:
page-attached-link = Link:
page-original = Original
page-original-of = Original von Beitrag { $ordinal }
page-forms = Als
page-form-txt = Text
page-pager = Seiten der Liste
page-back = ‹ Zurück
page-further = Weiter ›
page-of = { $page } von { $pages }

page-place = Beitrag { $ordinal } von { $length }
page-more = Weitere Zitate
page-corrected = Gesucht wurde nach:
page-nothing-found = Dazu steht nichts im Archiv, und raten möchte Bobbin nicht. Versuch es mit anderen oder weniger Wörtern oder mit einem Namen.
page-did-you-mean = Meintest du:
page-closest = Kein Beitrag beantwortet das eindeutig. Am nächsten kommen:
page-words-known = Im Archiv kommt vor:
page-words-unknown = Nicht im Archiv:
page-score = Wertung { $score }
page-score-explained = Woraus sich die Wertung zusammensetzt: die BM25-Anteile der Wörter der Frage, dann alles Übrige.
page-share = Anteil
page-share-of = Wort oder Merkmal
page-share-post = Wörter des Beitrags
page-share-context = Wörter im Umfeld
page-share-thread = Wörter des Threads
page-share-pairs = benachbarte Wörter
page-share-grams = Buchstabenfolgen
page-share-answer = die gefragte Art von Antwort
page-share-first = eröffnet seinen Thread
page-share-conversation = zuvor zitiert
page-share-phrase = der genaue Wortlaut

page-trend-of = Verlauf von
page-trend-hint = Wie oft kommt ein Wort vor?
page-trend-show = Anzeigen
page-trend-picture = Balken: Beiträge je Monat
page-trend-caption = { $count ->
    [one] { $count } Beitrag mit bekanntem Datum.
   *[other] { $count } Beiträge mit bekanntem Datum, nach Monaten.
}
page-trend-undated = { $count ->
    [one] Bei { $count } weiteren ist das Datum unbekannt.
   *[other] Bei { $count } weiteren ist das Datum unbekannt.
}
page-trend-none = Diese Wörter kommen in keinem Beitrag vor.
page-trend-table = Dasselbe als Tabelle
page-trend-posts = Beiträge
page-trend-ask = Das Archiv danach fragen
page-month = Monat

page-several-title = Mehrere Threads beginnen gleich
page-several = Diese Adresse führte einmal zu einem dieser Threads. Zu welchem, ist nicht mehr bekannt.
page-several-more = { $count ->
    [one] und ein weiterer.
   *[other] und { $count } weitere.
}

page-error-reference = Kennung für den Betreiber: { $reference }
page-error-wrong-title = So geht das nicht
page-error-wrong = Diese Adresse versteht Bobbin nicht.
page-error-not-found-title = Hier ist nichts
page-error-not-found = Diese Seite gibt es nicht, oder ihre Adresse ist abgelaufen.
page-error-method-title = Hier kann man nur lesen
page-error-method = Unter dieser Adresse lässt sich nichts ändern.
page-error-long-title = Eine sehr lange Frage
page-error-long = Eine Frage darf bis zu 1.000 Zeichen haben. Zwei, drei treffende Wörter finden oft mehr.
page-error-host-title = Nicht unter diesem Namen
page-error-host = Diese Seiten sind nur für diesen Rechner da: öffne sie unter localhost. Für Seiten, die andere öffnen, setzt der Betreiber BOBBIN_PUBLIC_URL.
page-error-often-title = Zu viele Anfragen
page-error-often = Bitte etwas langsamer: Versuch es gleich noch einmal.
page-error-busy-title = Gerade ausgelastet
page-error-busy = Bobbin kann gerade nicht antworten. Versuch es in ein paar Sekunden noch einmal.
page-error-other-title = Etwas ist schiefgegangen
page-error-other = Der Fehler ist protokolliert; bitte versuch es gleich noch einmal.

page-description = Fragen, beantwortet mit wörtlichen Zitaten aus einem Archiv gespeicherter Threads.
page-about = Das ist ein Archiv gespeicherter Threads. Stell eine Frage, und Bobbin zitiert wörtlich die Beiträge, die sie beantworten; es wird kein Text erzeugt.
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
page-filter-words = Wörter in Titel, Anfang oder Autor
page-filter-author = Autor
page-filter-collection = Sammlung
page-filter-all = Alle
page-filter-since = Veröffentlicht ab
page-filter-until = Veröffentlicht bis
page-filter-show = Liste anzeigen
page-filter-none = Dazu passt kein Thread.
page-sort = Sortieren nach
page-sort-date = Datum, neueste zuerst
page-sort-arrival = Aufnahme ins Archiv, neueste zuerst
page-sort-length = Länge, längste zuerst
page-sort-title = Titel, A bis Z
page-author-search = Autor suchen
page-author-find = Suchen
page-no-such-author = Dazu passt kein Name.
page-cite = Zitieren
page-cite-title = Zitieren: { $title }
page-as-file = Als Datei
page-source = Quelle:
page-within = In diesem Thread suchen
page-within-find = Suchen
page-within-none = Diese Wörter kommen in diesem Thread nicht vor.
page-match-before = ‹ voriger Treffer
page-match-after = nächster Treffer ›
page-later = { $count ->
    [one] Ein Beitrag auf einer späteren Seite
   *[other] { $count } Beiträge auf späteren Seiten
}
page-neighbours = Weitere Threads dieses Autors
page-thread-before = Voriger Thread:
page-thread-after = Nächster Thread:
page-related = Verwandte Threads
page-why = Warum dieses Zitat?
page-why-words = Wörter der Frage, die hierher geführt haben:
page-why-signs = Was außerdem gezählt hat:
page-feed-more = Der ganze Thread

page-verify = Prüfen
page-verify-title = Ein Zitat prüfen
page-verify-hint = Das Zitat; … oder [...] steht für Ausgelassenes
page-verify-author = Wer es geschrieben haben soll (freiwillig)
page-verify-show = Prüfen
page-verify-exact = Wörtlich: Ein Beitrag dieses Archivs enthält es Zeichen für Zeichen.
page-verify-same = Gleich bis auf die Typografie: Ein Beitrag dieses Archivs enthält diese Wörter; nur Anführungszeichen, Striche, Groß- und Kleinschreibung, Leerzeichen oder gekürzte Links sind anders.
page-verify-altered = Verändert: So steht es in keinem Beitrag dieses Archivs. Am nächsten kommt:
page-verify-apart = Verändert: Kein Thread dieses Archivs enthält die Teile in dieser Reihenfolge. Jeder für sich:
page-verify-absent = Nicht in diesem Archiv. Ob es anderswo geschrieben wurde, sagt das nicht.
page-verify-short = Zu kurz zum Prüfen: Texte mit weniger als 4 Wörtern oder 20 Zeichen gleichen sich zufällig.
page-verify-part-exact = wörtlich
page-verify-part-same = gleich bis auf die Typografie
page-verify-part-altered = verändert
page-verify-part-absent = nicht in diesem Archiv
page-verify-part-short = für sich zu kurz
page-verify-claimed = Angegebener Autor:
page-verify-author-matches = Im Archiv ist es derselbe.
page-verify-author-differs = Im Archiv ist es
page-verify-author-unknown = Ob das stimmt, geht aus dem Archiv nicht hervor.
page-verify-difference = Durchgestrichen steht im Zitat, unterstrichen im Archiv.
page-verify-places = { $count ->
    [one] Es steht an { $count } Stelle.
   *[other] Es steht an { $count } Stellen; gezeigt ist eine davon.
}

page-when = Erste Erwähnung
page-when-of = Erste Erwähnung von
page-when-hint = Wer hat es zuerst geschrieben? Die Wörter, wie sie geschrieben sind
page-when-show = Finden
page-when-none = Das steht in keinem Beitrag dieses Archivs.
page-when-first = Zuerst in diesem Archiv
page-when-authors = Jeder Autor zum ersten Mal
page-when-author-unknown = Autor unbekannt
page-when-months = Nach Monaten
page-when-undated = { $count ->
    [one] { $count } Beitrag ohne bekanntes Datum, der früher sein kann
   *[other] { $count } Beiträge ohne bekanntes Datum, die früher sein können
}
page-when-more = { $count ->
    [one] { $count } weiterer steht in der CSV-Datei.
   *[other] { $count } weitere stehen in der CSV-Datei.
}
page-when-csv = Alle als CSV
page-when-covered = Dieses Archiv reicht von { $first } bis { $last }.
page-when-covered-undated = { $count ->
    [one] { $count } seiner Beiträge hat kein bekanntes Datum.
   *[other] { $count } seiner Beiträge haben kein bekanntes Datum.
}
page-when-author = Von einem Autor: damals und heute (freiwillig)
page-when-then = Damals
page-when-now = Heute
page-when-about-none = In diesem Archiv handelt kein Beitrag dieses Autors davon.
page-when-about = { $count ->
    [one] { $count } Beitrag dieses Autors handelt davon.
   *[other] { $count } Beiträge dieses Autors handeln davon.
}
page-when-edited = Ein anderer Wortlaut, gelesen
