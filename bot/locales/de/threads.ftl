# Threads: ihre Köpfe, ihre Seiten, Listen von ihnen.

thread-untitled = Thread ohne Titel
thread-preview = Vorschau
thread-fragment = unvollständig
thread-extent-preview = { $count ->
    [one] Vorschau: nur der erste Beitrag ist bekannt
   *[other] Vorschau: nur die ersten { $count } Beiträge sind bekannt
}
thread-extent-fragment = { $count ->
    [one] unvollständig: { $count } Beitrag bekannt, andere fehlen
   *[other] unvollständig: { $count } Beiträge bekannt, andere fehlen
}
thread-place = Beitrag { $place } von { $length }
thread-place-in-preview = Beitrag { $place } einer Vorschau
thread-place-in-fragment = Beitrag { $place } eines unvollständigen Threads
thread-place-numbered = im Original Nummer { $number }
thread-missing-here = { $count ->
    [one] hier fehlt { $count } Beitrag
   *[other] hier fehlen { $count } Beiträge
}
thread-nothing-to-show = (dieser Beitrag enthält nichts, was sich anzeigen lässt)
thread-continued = Fortsetzung
thread-continues = geht auf der nächsten Seite weiter
thread-quoted-post = der zitierte Beitrag
thread-ends-preview = Das ist eine Vorschau: Der Thread geht weiter, aber der Rest ist nicht im Archiv.
thread-ends-fragment = Dieser Thread ist unvollständig: Andere Beiträge sind nicht im Archiv.
thread-page = Seite { $page } von { $pages }
thread-original = Original
thread-first = Anfang
thread-previous = Zurück
thread-next = Weiter
thread-last = Ende
thread-open = Öffnen

threads-list = Threads
threads-more = und { $count } weitere: `/thread` findet sie nach Titel, Autor oder Stichwörtern
threads-none = Hier gibt es noch keine Threads.

threads-closest = Einen Thread mit diesem Namen gibt es hier nicht. Am ehesten passen:
threads-alike = Mehrere Threads fangen so an. Meinst du einen von diesen?
threads-no-such = So einen Thread gibt es hier nicht. Tipp einen Titel, einen Autor oder ein paar Wörter ein und wähl aus der Liste.
thread-no-such-post = Einen Beitrag { $number } hat dieser Thread nicht; er hat { $length }.

threads-newest = Neueste Threads
threads-by = Threads von { $author }
threads-by-chance = Zufällige Threads
threads-of = Sammlung { $collection }
threads-others = Andere zeigen
threads-sort-date = neueste zuerst
threads-sort-arrival = zuletzt hinzugefügte zuerst
threads-sort-length = längste zuerst
threads-sort-title = nach Titel, A bis Z
threads-sorted-date = Neueste Threads
threads-sorted-arrival = Zuletzt hinzugefügte Threads
threads-sorted-length = Längste Threads
threads-sorted-title = Threads nach Titel
threads-titled = „{ $words }“
threads-since = ab { $day }
threads-until = bis { $day }
threads-no-day = „{ $typed }“ ist kein Datum. Schreib zum Beispiel 2023, 5.2023 oder 17.5.2023.
threads-none-such = Solche Threads gibt es hier nicht. Wähl Autor und Sammlung aus der Liste oder versuch es mit weniger Wörtern oder einem anderen Zeitraum.
