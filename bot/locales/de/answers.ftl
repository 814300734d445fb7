# Antworten: was um die Zitate steht, und das ehrliche Nichts.

answer-full-thread = Ganzer Thread
answer-read-thread = Thread lesen
answer-original = Original
answer-back = Zurück
answer-more = Mehr
answer-share = Teilen
answer-shared = Geteilt
answer-more-of = Mehr ({ $page }/{ $pages })
answer-back-to = Zurück ({ $page }/{ $pages })
answer-shared-by = Geteilt von { $name }
answer-asked-by = { $name } hat gefragt: { $question }
answer-searched = Gesucht nach { $words }.
answer-searched-instead = **{ $searched }** statt { $asked }
answer-or = { $words } oder { $last }

answer-closest = Kein Beitrag beantwortet das sicher. Am nächsten kommen:
answer-words-known = Das Archiv kennt { $words }.
answer-words-unknown = In keinem Beitrag steht { $words }.
answer-nothing-found = Dazu habe ich im Archiv nichts gefunden, und raten will ich nicht.
answer-nothing-found-about = Zu „{ $question }“ habe ich im Archiv nichts gefunden, und raten will ich nicht.
answer-did-you-mean = Meintest du { $words }?
answer-try-other-words = Versuche es mit anderen Wörtern, mit weniger Wörtern oder mit einem Namen. `/thread` findet einen Thread nach Titel oder Verfasser.
