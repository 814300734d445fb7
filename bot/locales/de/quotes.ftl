# Zitate, mit dem Archiv verglichen: was jedes Ergebnis bedeutet.

quotes-exact = **Wörtlich.** Ein Beitrag dieses Archivs enthält es Zeichen für Zeichen.
quotes-same = **Gleich bis auf die Typografie.** Ein Beitrag dieses Archivs enthält diese Wörter; nur Anführungszeichen, Striche, Groß- und Kleinschreibung, Leerzeichen oder gekürzte Links sind anders.
quotes-altered = **Verändert.** So steht es in keinem Beitrag dieses Archivs. Am nächsten kommt:
quotes-apart = **Verändert.** Kein Thread dieses Archivs enthält die Teile in dieser Reihenfolge. Jeder für sich:
quotes-absent = **Nicht in diesem Archiv.** Ob es anderswo geschrieben wurde, sagt das nicht.
quotes-short = **Zu kurz zum Prüfen.** Texte mit weniger als 4 Wörtern oder 20 Zeichen gleichen sich zufällig.
quotes-part-exact = wörtlich
quotes-part-same = gleich bis auf die Typografie
quotes-part-altered = verändert
quotes-part-absent = nicht in diesem Archiv
quotes-part-short = für sich zu kurz
quotes-author-matches = Als Autor ist { $author } angegeben; im Archiv ist es derselbe.
quotes-author-differs = Als Autor ist { $author } angegeben; im Archiv ist es { $known }.
quotes-author-unknown = Als Autor ist { $author } angegeben; ob das stimmt, geht aus dem Archiv nicht hervor.
quotes-places = { $count ->
    [one] Es steht an { $count } Stelle.
   *[other] Es steht an { $count } Stellen; gezeigt ist eine davon.
}
quotes-difference = Durchgestrichen steht im Zitat, fett im Archiv: { $words }
quotes-no-quote = In dieser Nachricht steht kein Text, der sich prüfen lässt.
quotes-more = { $count ->
    [one] { $count } weiteres Zitat ist weggelassen.
   *[other] { $count } weitere Zitate sind weggelassen.
}
