"""Pages: every thread, questions and answers, for a browser. Nothing here knows of Discord."""
