# Відповіді: що стоїть навколо цитат, і чесне «нічого».

answer-full-thread = Уся гілка
answer-read-thread = Читати гілку
answer-original = оригінал
answer-back = Назад
answer-more = Ще
answer-share = Поділитися
answer-shared = Поширено
answer-more-of = Ще ({ $page }/{ $pages })
answer-back-to = Назад ({ $page }/{ $pages })
answer-shared-by = Поширює { $name }
answer-asked-by = { $name } питає: { $question }
answer-searched = Шукаю за: { $words }.
answer-searched-instead = **{ $searched }** замість { $asked }
answer-or = { $words } або { $last }

answer-closest = Жоден допис не відповідає на це напевно. Найближчі:
answer-words-known = Архів знає: { $words }.
answer-words-unknown = Жоден допис не містить: { $words }.
answer-nothing-found = Я пошукав в архіві й нічого про це не знайшов, тож не вгадуватиму.
answer-nothing-found-about = Я пошукав в архіві й нічого про «{ $question }» не знайшов, тож не вгадуватиму.
answer-did-you-mean = Може, { $words }?
answer-try-other-words = Спробуйте інші слова, менше слів або ім’я. `/гілка` знаходить гілку за назвою чи автором.
