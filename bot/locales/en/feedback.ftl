# Whether an answer helped.

feedback-thanks = Thank you. Your judgement has been counted, without your name.
feedback-counted-before = You have judged this answer before; it counts once.
feedback-what-was-wrong = What was wrong?
feedback-in-your-words = In your words, if you like
feedback-what-is-kept = Admins here can read it for 90 days; your name and your question are not kept.
