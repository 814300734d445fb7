# Antworten: was um die Zitate steht, und das ehrliche Nichts.

answer-full-thread = Ganzer Thread
answer-read-thread = Thread lesen
answer-original = Original
answer-back = Zurück
answer-more = Mehr
answer-share = Teilen
answer-shared = Geteilt
answer-page = Seite { $page } von { $pages }
answer-shared-by = Geteilt von { $name }
answer-asked-by = { $name } fragte: { $question }
answer-searched = Gesucht wurde { $words }.
answer-searched-instead = **{ $searched }** statt { $asked }
answer-or = { $words } oder { $last }

answer-nothing-found = Ich habe im Archiv gesucht und dazu nichts gefunden; raten werde ich nicht.
answer-nothing-found-about = Ich habe im Archiv gesucht und zu „{ $question }“ nichts gefunden; raten werde ich nicht.
answer-did-you-mean = Meintest du { $words }?
answer-try-other-words = Versuche es mit anderen Wörtern, mit weniger Wörtern oder mit einem Namen. `/thread` findet einen Thread nach Titel oder Verfasser.
answer-closest-threads = Die Threads, die dem am nächsten kommen:
