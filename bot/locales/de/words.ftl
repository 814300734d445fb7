# Wörter, die mehrere Familien brauchen.

posts = { $count ->
    [one] { $count } Beitrag
   *[other] { $count } Beiträge
}
threads = { $count ->
    [one] { $count } Thread
   *[other] { $count } Threads
}

# Was Leute neben Fragen sagen, zwischen Strichen, ohne Groß- und Kleinschreibung und Satzzeichen.

phrases-greeting = hallo | hallo zusammen | hi | hey | moin | moin moin | servus | grüß gott | guten morgen | guten tag | guten abend | hilfe | hilf mir | hilfe bitte | bitte hilfe | was kannst du | was kannst du alles | was machst du | wer bist du | was bist du | wie funktionierst du | wie funktioniert das | wie geht das | befehle
phrases-small-talk = danke | danke dir | danke schön | dankeschön | vielen dank | tausend dank | besten dank | merci | thx | ok | okay | ok danke | okay danke | gut | sehr gut | super | toll | prima | klasse | cool | nice | spitze | perfekt | genial | geil | krass | wow | lol | haha | hihi | hehe | ja | jo | jap | jup | klar | stimmt | genau | verstehe | verstanden | alles klar | aha | ach so | achso | tschüss | tschüs | ciao | gute nacht | bis dann | bitte | bitteschön | gern geschehen | sorry | entschuldigung | egal | schon gut | test | guter bot | interessant
phrases-doubt = nein | ne | nee | nö | falsch | das ist falsch | das meine ich nicht | das meinte ich nicht | mehr | weiter | hä | wie | was | wie bitte | und | echt | wirklich
