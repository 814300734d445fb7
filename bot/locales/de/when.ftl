# Wer etwas zuerst geschrieben hat, nach den Daten, die das Archiv kennt.

when-first = Zuerst in diesem Archiv, { $date }:
when-authors = Jeder andere Autor zum ersten Mal:
when-author-unknown = Autor unbekannt
when-none = In keinem Beitrag dieses Archivs steht „{ $words }“.
when-counted = { $count ->
    [one] Es steht in { $count } Beitrag; sein Monat:
   *[other] Es steht in { $count } Beiträgen; nach Monaten:
}
when-undated = { $count ->
    [one] { $count } Beitrag damit hat kein bekanntes Datum und kann früher sein:
   *[other] { $count } Beiträge damit haben kein bekanntes Datum und können früher sein:
}
when-all = Alle
when-covered = Dieses Archiv reicht von { $first } bis { $last }; von seinen { $posts } Beiträgen haben { $undated } kein bekanntes Datum.
when-covered-nothing = Kein Beitrag dieses Archivs hat ein bekanntes Datum.
when-described = Beiträge pro Monat mit: { $words }
when-then = Damals
when-now = Heute
when-about-none = In diesem Archiv handelt kein Beitrag von { $author } von „{ $words }“.
when-about = { $count ->
    [one] { $count } Beitrag von { $author } handelt von „{ $words }“; ohne bekanntes Datum: { $undated }.
   *[other] { $count } Beiträge von { $author } handeln von „{ $words }“; ohne bekanntes Datum: { $undated }.
}
when-edited = Ein anderer Wortlaut, gelesen { $date }: { $words }
