# Commands: their names, what they do, and their options. Names are of small letters without spaces.

command-ask = ask
command-ask-does = Ask the archive; it answers with quotes, word for word.
command-ask-question = question
command-ask-question-is = What you want to know
option-private = private
command-ask-private-is = Show the answer to you alone
menu-ask = Ask the threads
command-thread = thread
command-thread-does = Read a whole thread, found by title, author or words.
command-thread-thread = thread
command-thread-thread-is = Begin to type a title, an author or a few words
command-thread-private-is = Show the thread to you alone
command-help = help
command-help-does = How Bobbin works; ask about anything in its handbook.
command-help-question = question
command-help-question-is = What you want to know about Bobbin, e.g. how do I set up a daily digest?
command-thread-post = post
command-thread-post-is = Show the page with the post of this number
command-settings = settings
command-settings-does = What Bobbin does in this server: for its admins.
