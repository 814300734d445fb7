# Wie die Operatoren einer Frage verstanden wurden.

filter-author = von { $value }
filter-before = vor { $value }
filter-after = ab { $value }
filter-on = aus { $value }
filter-newer = neuer als { $span }
filter-older = älter als { $span }
filter-in = in { $value }
filter-thread = im Thread { $value }
filter-has-link = mit Link
filter-has-picture = mit Bild
filter-has-number = mit Zahl
filter-lang = in der Sprache { $value }
filter-phrase = mit „{ $value }“ wörtlich
filter-word = mit { $value }
filter-not = nicht { $what }
filter-and = und
filter-or = oder
filters-held = Nur Posts: { $filters }.
filters-newest = Die neuesten Posts: { $filters }.
filters-unmet = Auf keinen Post hier trifft zu: { $filters }.
filters-none-pass = Auf keinen Post hier trifft das alles zu: { $filters }.
filters-none-answer = { $count ->
    [one] Auf einen Post hier trifft das zu, und er beantwortet das nicht: { $filters }.
   *[other] Auf { $count } Posts hier trifft das zu, und keiner davon beantwortet das: { $filters }.
}
filters-no-phrase = Kein Post enthält „{ $phrase }“ wörtlich, deshalb wurde nach den Wörtern gesucht.
filters-no-value = „{ $typed }“ lässt sich nicht als { $option } lesen.
page-operators = Filter dieser Frage
page-operator-remove = Entfernen: { $filter }
page-operator = Filtern
page-operator-author = Autor
page-operator-after = Veröffentlicht ab
page-operator-before = Veröffentlicht vor
page-operator-in = Sammlung
page-operators-more = In der Frage selbst kann auch stehen:
