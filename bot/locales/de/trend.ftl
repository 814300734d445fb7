# Wie oft zu Wörtern geschrieben wurde.

trend-counted = { $count ->
    [one] In { $count } Beitrag mit bekanntem Datum.
   *[other] In { $count } Beiträgen mit bekanntem Datum, nach Monaten.
}
trend-undated = { $count ->
    [one] Bei { $count } weiteren Beitrag mit diesen Wörtern ist das Datum unbekannt.
   *[other] Bei { $count } weiteren Beiträgen mit diesen Wörtern ist das Datum unbekannt.
}
trend-none = Diese Wörter kommen hier in keinem Beitrag vor.
trend-common = Diese Wörter sind zu häufig zum Zählen: Sie kommen in fast jedem Beitrag vor.
trend-wordless = Darin steht kein Wort, das sich zählen lässt.
trend-described = Beiträge pro Monat mit: { $words }
