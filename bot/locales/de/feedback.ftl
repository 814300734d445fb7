# Ob eine Antwort geholfen hat.

feedback-thanks = Danke. Dein Urteil ist gezählt, ohne deinen Namen.
feedback-counted-before = Du hast diese Antwort schon beurteilt; es zählt einmal.
feedback-what-was-wrong = Was war nicht gut?
feedback-in-your-words = Mit deinen Worten, wenn du magst
feedback-what-is-kept = Admins können es 90 Tage lesen; dein Name und deine Frage werden nicht aufbewahrt.
