# Answers: what stands around quotes, and the honest nothing.

answer-full-thread = Full thread
answer-read-thread = Read thread
answer-original = original
answer-back = Back
answer-more = More
answer-share = Share
answer-shared = Shared
answer-more-of = More ({ $page }/{ $pages })
answer-back-to = Back ({ $page }/{ $pages })
answer-shared-by = Shared by { $name }
answer-asked-by = { $name } asked: { $question }
answer-searched = Searched for { $words }.
answer-searched-instead = **{ $searched }** instead of { $asked }
answer-or = { $words } or { $last }

answer-closest = No post answers this for certain. The closest:
answer-words-known = The archive knows { $words }.
answer-words-unknown = No post holds { $words }.
answer-nothing-found = I looked through the archive and found nothing about that, so I will not guess.
answer-nothing-found-about = I looked through the archive and found nothing about “{ $question }”, so I will not guess.
answer-did-you-mean = Did you mean { $words }?
answer-try-other-words = Try other words, fewer words, or a name. `/thread` finds a thread by title or author.
answer-source-handbook = The archive does not answer this; this is from Bobbin’s handbook.
answer-source-empty = The archive is still empty; this is from Bobbin’s handbook.
answer-empty = The archive is still empty, so there is nothing to find yet: `/archive add` adds threads.
answer-other-language = This reads as { $asked }; the archive is in { $held }. Ask in that language, or by names.
