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
answer-searched = Gesucht wurde nach { $words }.
answer-searched-instead = **{ $searched }** statt { $asked }
answer-or = { $words } oder { $last }

answer-closest = Kein Beitrag beantwortet das eindeutig. Am nächsten kommen:
answer-words-known = Im Archiv kommt { $words } vor.
answer-words-unknown = Nicht im Archiv: { $words }.
answer-nothing-found = Dazu steht nichts im Archiv, und raten möchte ich nicht.
answer-nothing-found-about = Zu „{ $question }“ steht nichts im Archiv, und raten möchte ich nicht.
answer-did-you-mean = Meintest du { $words }?
answer-try-other-words = Versuch es mit anderen oder weniger Wörtern oder mit einem Namen. `/thread` findet Threads nach Titel oder Autor.
answer-source-handbook = Im Archiv steht dazu nichts Sicheres; das hier steht in Bobbins Handbuch.
answer-source-empty = Das Archiv ist noch leer; das hier steht in Bobbins Handbuch.
answer-empty = Das Archiv ist noch leer. Mit `/archiv hinzufügen` kommen Threads hinein.
answer-other-language = Deine Frage ist wohl auf { $asked }, das Archiv auf { $held }. Frag in dieser Sprache oder nach Namen.
