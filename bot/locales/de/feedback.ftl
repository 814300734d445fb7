# Ob eine Antwort geholfen hat.

feedback-thanks = Danke! Deine Bewertung zählt, ohne deinen Namen.
feedback-counted-before = Du hast diese Antwort schon bewertet; jede Bewertung zählt nur einmal.
feedback-what-was-wrong = Was hat nicht gepasst?
feedback-in-your-words = In deinen Worten, wenn du magst
feedback-what-is-kept = Admins können das 90 Tage lang lesen. Dein Name und deine Frage werden nicht gespeichert.
