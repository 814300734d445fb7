# Befehle: ihre Namen, was sie tun, und ihre Optionen. Namen sind klein geschrieben und ohne Leerzeichen.

command-ask = frag
command-ask-does = Das Archiv befragen; es antwortet mit Zitaten, Wort für Wort.
command-ask-question = frage
command-ask-question-is = Was du wissen willst
option-private = privat
command-ask-private-is = Die Antwort nur dir zeigen
menu-ask = Die Threads fragen
command-thread = thread
command-thread-does = Einen ganzen Thread lesen, gefunden nach Titel, Verfasser oder Wörtern.
command-thread-thread = thread
command-thread-thread-is = Beginne einen Titel, einen Verfasser oder ein paar Wörter
command-thread-private-is = Den Thread nur dir zeigen
command-help = hilfe
command-help-does = Wie Bobbin geht; frag sein Handbuch, was du willst.
command-help-question = frage
command-help-question-is = Was du über Bobbin wissen willst, z. B.: How do I set up a daily digest?
command-thread-post = beitrag
command-thread-post-is = Die Seite mit dem Beitrag dieser Nummer zeigen
command-settings = einstellungen
command-settings-does = Was Bobbin auf diesem Server tut: für seine Admins.
