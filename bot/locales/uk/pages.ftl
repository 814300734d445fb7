# Що кажуть сторінки у браузері.

page-skip = До вмісту
page-nav = Сторінки
page-threads = Гілки
page-authors = Автори
page-trend = Динаміка
page-home = На головну сторінку
page-question = Запитання
page-question-hint = Що ви хочете дізнатися?
page-ask = Запитати
page-footer = Bobbin цитує дописи дослівно й нічого не вигадує.
page-feed = Стрічка нових гілок
page-feed-title = Нові гілки
page-front-title = Запитайте архів

page-all-authors = Усі автори
page-all-threads = Усі гілки
page-collections = Колекції
page-handbook = Архів порожній, тому тут довідник Bobbin.
page-untitled = Гілка без назви
page-no-authors = Жодного автора тут не відомо.
page-preview = уривок
page-fragment = фрагмент
page-preview-note = Це уривок: в архіві є лише перші дописи гілки.
page-preview-end = Гілка триває далі, але решти в архіві немає.
page-fragment-note = Це фрагмент: інших дописів гілки в архіві немає.
page-private-note = Ця гілка належить одному серверу. Її адреса діє 24 години; її може прочитати кожен, хто має адресу.
page-digests = Дайджести
page-digest-feed = Стрічка цих дайджестів
page-digest-note = Ці сторінки належать одному серверу. Їхні адреси діють безстроково; читати їх може кожен, хто має адресу. Вилучене з архіву зникає і звідси.
page-digest-gone = { $count ->
    [one] { $count } гілку цього дайджесту вилучено з архіву.
    [few] { $count } гілки цього дайджесту вилучено з архіву.
   *[many] { $count } гілок цього дайджесту вилучено з архіву.
}
page-gap = { $count ->
    [one] Тут бракує { $count } допису
    [few] Тут бракує { $count } дописів
    [many] Тут бракує { $count } дописів
   *[other] Тут бракує { $count } допису
}
page-highlighted = { $count ->
    [one] Ці слова є в { $count } дописі.
    [few] Ці слова є в { $count } дописах.
    [many] Ці слова є в { $count } дописах.
   *[other] Ці слова є в { $count } допису.
}
page-first-found = До першого збігу
page-link-to-post = Посилання на допис { $ordinal }
page-numbered = номер { $number }
page-attached-image = Зображення:
page-attached-video = Відео:
page-attached-quoted = Процитований допис:
page-attached-link = Посилання:
page-original = Оригінал
page-original-of = Оригінал допису { $ordinal }
page-forms = Як
page-form-txt = текст
page-pager = Сторінки списку
page-back = ‹ Назад
page-further = Далі ›
page-of = { $page } з { $pages }

page-place = Допис { $ordinal } з { $length }
page-more = Більше цитат
page-corrected = Шукаю за:
page-nothing-found = В архіві про це нічого немає, а вигадувати Bobbin не буде. Спробуйте інші слова, менше слів або ім’я.
page-did-you-mean = Можливо, ви мали на увазі:
page-closest = Жоден допис не відповідає на це точно. Найближчі:
page-words-known = В архіві є:
page-words-unknown = В архіві немає:
page-score = Оцінка { $score }
page-score-explained = З чого складається оцінка: частки BM25 для слів запитання, далі все інше, що враховано.
page-share = Частка
page-share-of = Слово чи ознака
page-share-post = слова допису
page-share-context = слова довкола
page-share-thread = слова гілки
page-share-pairs = сусідні слова
page-share-grams = послідовності літер
page-share-answer = вид відповіді, про який питають
page-share-first = відкриває гілку
page-share-conversation = цитовано раніше
page-share-phrase = точний збіг слів

page-trend-of = Динаміка:
page-trend-hint = Як часто траплялося слово?
page-trend-show = Показати
page-trend-picture = Стовпці: дописи за кожен місяць
page-trend-caption = { $count ->
    [one] { $count } допис із відомою датою, за місяцями.
    [few] { $count } дописи з відомою датою, за місяцями.
    [many] { $count } дописів із відомою датою, за місяцями.
   *[other] { $count } допису з відомою датою, за місяцями.
}
page-trend-undated = Ще { $count } без відомої дати.
page-trend-none = Жоден допис не містить цих слів.
page-trend-table = Те саме у вигляді таблиці
page-trend-posts = Дописи
page-trend-ask = Запитати про це в архіву
page-month = Місяць

page-several-title = Кілька гілок починаються однаково
page-several = Ця адреса колись вела до однієї з цих гілок. До якої саме, вже невідомо.
page-several-more = { $count ->
    [one] і ще { $count }.
    [few] і ще { $count }.
   *[many] і ще { $count }.
}

page-error-reference = Код для власника бота: { $reference }
page-error-wrong-title = Так не вийде
page-error-wrong = Bobbin не розуміє цієї адреси.
page-error-not-found-title = Тут нічого немає
page-error-not-found = Такої сторінки немає, або термін дії її адреси минув.
page-error-method-title = Сторінки можна лише читати
page-error-method = За цією адресою нічого не можна змінити.
page-error-long-title = Дуже довге запитання
page-error-long = Запитання може мати до 1000 знаків. Два-три влучні слова часто знаходять більше.
page-error-host-title = Не під цією назвою
page-error-host = Ці сторінки лише для цього комп’ютера: відкрийте їх за адресою localhost. Для сторінок, які відкривають інші, оператор задає BOBBIN_PUBLIC_URL.
page-error-often-title = Забагато запитів
page-error-often = Трохи повільніше, будь ласка: спробуйте ще раз за хвилину.
page-error-busy-title = Забагато роботи
page-error-busy = Bobbin зараз не може відповісти. Спробуйте за кілька секунд.
page-error-other-title = Щось пішло не так
page-error-other = Помилку записано; спробуйте ще раз за хвилину.

page-description = Відповіді на запитання дослівними цитатами з архіву збережених гілок.
page-about = Це архів збережених гілок. Поставте запитання, і Bobbin дослівно процитує дописи, які на нього відповідають; жоден текст не генерується.
page-examples = Наприклад:
page-by = автори:
page-more-authors = { $count ->
    [one] і ще { $count }
    [few] і ще { $count }
   *[many] і ще { $count }
}
page-period = від { $first } до { $last }
page-arrived = Додано нещодавно
page-languages = Мови
page-threads-description = { $count ->
    [one] Список із { $count } збереженої гілки.
    [few] Список із { $count } збережених гілок.
   *[many] Список із { $count } збережених гілок.
}
page-author-description = { $count ->
    [one] { $count } збережена гілка автора { $name }.
    [few] { $count } збережені гілки автора { $name }.
   *[many] { $count } збережених гілок автора { $name }.
}
page-filter = Фільтр і сортування
page-filter-words = Слова в назві, на початку або в імені автора
page-filter-author = Автор
page-filter-collection = Колекція
page-filter-all = Усі
page-filter-since = Опубліковано з
page-filter-until = Опубліковано до
page-filter-show = Показати список
page-filter-none = Таких гілок немає.
page-sort = Сортувати за
page-sort-date = датою, спершу найновіші
page-sort-arrival = додаванням до архіву, спершу найновіші
page-sort-length = довжиною, спершу найдовші
page-sort-title = назвою, від А до Я
page-author-search = Знайти автора
page-author-find = Знайти
page-no-such-author = Немає автора з таким ім’ям.
page-cite = Цитувати
page-cite-title = Цитувати: { $title }
page-as-file = Як файл
page-source = Джерело:
page-within = Шукати в цій гілці
page-within-find = Шукати
page-within-none = Жоден допис цієї гілки не містить цих слів.
page-match-before = ‹ попередній збіг
page-match-after = наступний збіг ›
page-later = { $count ->
    [one] { $count } допис на наступних сторінках
    [few] { $count } дописи на наступних сторінках
   *[many] { $count } дописів на наступних сторінках
}
page-neighbours = Інші гілки цього автора
page-thread-before = Попередня гілка:
page-thread-after = Наступна гілка:
page-related = Схожі гілки
page-why = Чому ця цитата?
page-why-words = Слова запитання, які привели сюди:
page-why-signs = Що ще враховано:
page-feed-more = Уся гілка

page-verify = Перевірка
page-verify-title = Перевірити цитату
page-verify-hint = Цитата; … чи [...] стоїть замість пропущеного
page-verify-author = Хто нібито це написав (необов’язково)
page-verify-show = Перевірити
page-verify-exact = Дослівно: допис цього архіву містить це знак у знак.
page-verify-same = Те саме, крім типографіки: допис цього архіву містить ці слова; різняться лише лапки, риски, регістр, пробіли чи скорочені посилання.
page-verify-altered = Змінено: жоден допис цього архіву не містить саме цього. Найближче:
page-verify-apart = Змінено: жоден тред цього архіву не містить цих частин у такому порядку. Кожна окремо:
page-verify-absent = Немає в цьому архіві. Чи написано це деінде, з цього не випливає.
page-verify-short = Надто коротко для перевірки: тексти, коротші за 4 слова чи 20 знаків, збігаються випадково.
page-verify-part-exact = дослівно
page-verify-part-same = те саме, крім типографіки
page-verify-part-altered = змінено
page-verify-part-absent = немає в цьому архіві
page-verify-part-short = сама по собі закоротка
page-verify-claimed = Названий автор:
page-verify-author-matches = В архіві той самий автор.
page-verify-author-differs = В архіві це
page-verify-author-unknown = Чи це так, з архіву не видно.
page-verify-difference = Закреслене — з цитати, підкреслене — з архіву.
page-verify-places = { $count ->
    [one] Трапляється в { $count } місці.
    [few] Трапляється у { $count } місцях; показано одне з них.
    [many] Трапляється у { $count } місцях; показано одне з них.
   *[other] Трапляється у { $count } місця; показано одне з них.
}

page-when = Перша згадка
page-when-of = Перша згадка:
page-when-hint = Хто написав це першим? Слова так, як вони написані
page-when-show = Знайти
page-when-none = Жоден допис цього архіву цього не містить.
page-when-first = Перший у цьому архіві
page-when-authors = Перша згадка кожного автора
page-when-author-unknown = автор невідомий
page-when-months = За місяцями
page-when-undated = { $count ->
    [one] { $count } допис без відомої дати, що може бути раніше
    [few] { $count } дописи без відомої дати, що можуть бути раніше
    [many] { $count } дописів без відомої дати, що можуть бути раніше
   *[other] { $count } допису без відомої дати, що може бути раніше
}
page-when-more = { $count ->
    [one] Ще { $count } є у CSV.
    [few] Ще { $count } є у CSV.
    [many] Ще { $count } є у CSV.
   *[other] Ще { $count } є у CSV.
}
page-when-csv = Усі як CSV
page-when-covered = Цей архів охоплює період від { $first } до { $last }.
page-when-covered-undated = { $count ->
    [one] { $count } його допис без відомої дати.
    [few] { $count } його дописи без відомої дати.
    [many] { $count } його дописів без відомої дати.
   *[other] { $count } його допису без відомої дати.
}
page-when-author = Одного автора: тоді й тепер (необов’язково)
page-when-then = Тоді
page-when-now = Тепер
page-when-about-none = У цьому архіві жоден допис цього автора не про це.
page-when-about = { $count ->
    [one] { $count } допис цього автора про це.
    [few] { $count } дописи цього автора про це.
    [many] { $count } дописів цього автора про це.
   *[other] { $count } допису цього автора про це.
}
page-when-edited = Інше формулювання, прочитане
