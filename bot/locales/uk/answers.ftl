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
answer-shared-by = Поділився учасник { $name }
answer-asked-by = { $name } запитує: { $question }
answer-searched = Шукаю за: { $words }.
answer-searched-instead = **{ $searched }** замість { $asked }
answer-or = { $words } або { $last }

answer-closest = Жоден допис не відповідає на це точно. Найближчі:
answer-words-known = В архіві є: { $words }.
answer-words-unknown = В архіві немає: { $words }.
answer-nothing-found = В архіві про це нічого немає, а вигадувати я не буду.
answer-nothing-found-about = В архіві немає нічого про «{ $question }», а вигадувати я не буду.
answer-did-you-mean = Можливо, ви мали на увазі { $words }?
answer-try-other-words = Спробуйте інші слова, менше слів або ім’я. `/гілка` знаходить гілки за назвою чи автором.
answer-source-handbook = Точної відповіді в архіві немає; це з довідника Bobbin.
answer-source-empty = Архів ще порожній; це з довідника Bobbin.
answer-empty = Архів ще порожній. Додати гілки можна командою `/архів додати`.
answer-other-language = Ваше запитання, схоже, такою мовою: { $asked }, а архів — такою: { $held }. Запитайте мовою архіву або за іменами.
