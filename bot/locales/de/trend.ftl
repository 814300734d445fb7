# Wie oft zu Wörtern geschrieben wurde.

trend-counted = { $count ->
    [one] In { $count } Beitrag mit bekanntem Datum.
   *[other] In { $count } Beiträgen mit bekanntem Datum, nach Monaten.
}
trend-undated = { $count ->
    [one] { $count } Beitrag mit diesen Wörtern ist ohne bekanntes Datum.
   *[other] { $count } Beiträge mit diesen Wörtern sind ohne bekanntes Datum.
}
trend-none = Hier enthält kein Beitrag diese Wörter.
trend-described = Beiträge nach Monaten mit: { $words }
