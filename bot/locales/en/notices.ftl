# What Bobbin says itself.

notice-button-expired = This button no longer works. Ask again and you get fresh ones.
notice-not-yours = Only the person who asked can turn these pages. Ask me yourself and you get your own.
notice-gone = That is no longer in the archive, so I cannot show it.
notice-failed = Something went wrong on my side. It has been written down; please try again in a moment. (Reference: { $reference })
notice-store-refuses = { $reason }. Nothing was changed.
notice-store-refuses-partly = { $reason }. What was done before that stays; the rest was not changed. Do the same again once that is mended.
notice-cannot-answer = I cannot answer right now; the operator has been notified.
notice-command-outdated = This command has changed. Reload Discord (Ctrl+R, or start the app anew) and try it once more.
notice-empty-question = There is nothing to look for in an empty question. Write what you want to know.
notice-empty-message = That message has no words to ask about. Try it on a message with text in it.

notice-hello = Hello, I am { $name }
notice-what-i-do = I keep an archive of threads. Ask me something and I look for the posts that answer it and quote them word for word, each with a way to the full thread. I make nothing up: where the archive has no answer, I say so.
notice-how-to-ask = **Ask:** mention me with your question, reply to me, write me a direct message, or use `/ask`. On any message, choose Apps › { $menu }.
notice-how-to-look-up = **Look up:** `/thread` shows a thread in full.
notice-how-to-learn-more = **More:** `/help` answers questions about me.
notice-not-yours-to-remove = Only the person who asked and moderators can remove this.
notice-mention-me = Discord does not show me what you wrote when you mention my role. Mention me, not the role, or use `/ask`.

# What keeps an answer from being sent, told in a direct message.

obstacle-asker = I cannot answer you in { $channel }: { $reason }
obstacle-admin = A question was put to me in { $channel } of **{ $server }**, and I may not answer there. Give me View Channel and Send Messages (in threads: Send Messages in Threads) in that channel, or choose other channels with `/settings`.
obstacle-permissions = I lack the permission to send messages there. An admin of the server can change that. Until then, write to me here.
obstacle-archived = the thread is archived. Open it again, or write to me here.
obstacle-locked = the thread is locked. Ask in another channel, or write to me here.
obstacle-slow-mode = slow mode is on there. Ask again a little later, or write to me here.
obstacle-filter = a filter of the server (AutoMod) blocks my answer. An admin can exempt me from it.
