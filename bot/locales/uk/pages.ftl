# Що кажуть сторінки у браузері.

page-skip = До вмісту
page-nav = Сторінки
page-threads = Гілки
page-authors = Автори
page-trend = Динаміка
page-home = На першу сторінку
page-question = Запитання
page-question-hint = Що ви хочете дізнатися?
page-ask = Запитати
page-footer = Bobbin цитує дописи слово в слово й нічого не вигадує.
page-feed = Стрічка нових гілок
page-feed-title = Нові гілки
page-front-title = Запитайте архів

page-all-authors = Усі автори
page-all-threads = Усі гілки
page-collections = Збірки
page-handbook = Архів порожній, тож тут довідник Bobbin.
page-untitled = Гілка без назви
page-no-authors = Тут не відомо жодного автора.
page-preview = уривок
page-fragment = фрагмент
page-preview-note = Це уривок: в архіві є лише перші дописи гілки.
page-preview-end = Гілка триває далі, але решти в архіві немає.
page-fragment-note = Це фрагмент: інших дописів гілки в архіві немає.
page-private-note = Ця гілка належить одному серверу. Її адреса діє 24 години; хто її має, може прочитати гілку.
page-gap = { $count ->
    [one] Тут бракує { $count } допису
    [few] Тут бракує { $count } дописів
    [many] Тут бракує { $count } дописів
   *[other] Тут бракує { $count } допису
}
page-highlighted = { $count ->
    [one] Слова є в { $count } дописі.
    [few] Слова є в { $count } дописах.
    [many] Слова є в { $count } дописах.
   *[other] Слова є в { $count } допису.
}
page-first-found = До першого
page-link-to-post = Посилання на допис { $ordinal }
page-numbered = номер { $number }
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
page-corrected = Шукали як:
page-nothing-found = Я переглянув архів і нічого про це не знайшов, тому не вгадуватиму. Спробуйте інші слова, менше слів або ім’я.
page-did-you-mean = Можливо, ви мали на увазі:
page-closest = Жоден допис не відповідає на це напевно. Найближчі:
page-words-known = Архів знає:
page-words-unknown = Жоден допис не містить:
page-score = Оцінка { $score }
page-score-explained = З чого складається оцінка: частки BM25 слів запитання, далі все інше, що враховано.
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
page-share-phrase = дослівно

page-trend-of = Динаміка:
page-trend-hint = Як часто писали про слово?
page-trend-show = Показати
page-trend-picture = Стовпці: дописи за кожен місяць
page-trend-caption = { $count ->
    [one] { $count } допис із відомою датою, за місяцями.
    [few] { $count } дописи з відомою датою, за місяцями.
    [many] { $count } дописів із відомою датою, за місяцями.
   *[other] { $count } допису з відомою датою, за місяцями.
}
page-trend-undated = { $count ->
    [one] Ще { $count } без відомої дати.
    [few] Ще { $count } без відомої дати.
    [many] Ще { $count } без відомої дати.
   *[other] Ще { $count } без відомої дати.
}
page-trend-none = Жоден допис не містить цих слів.
page-trend-table = Те саме таблицею
page-trend-posts = Дописи
page-trend-ask = Запитати про це архів
page-month = Місяць

page-several-title = Кілька гілок починаються однаково
page-several = Ця адреса колись показувала одну з цих гілок. Яку саме, вже невідомо.
page-several-more = { $count ->
    [one] і ще { $count }.
    [few] і ще { $count }.
   *[many] і ще { $count }.
}

page-error-reference = Позначка для оператора: { $reference }
page-error-wrong-title = Так запитати не можна
page-error-wrong = Bobbin не розуміє цієї адреси.
page-error-not-found-title = Тут нічого немає
page-error-not-found = Такої сторінки немає, або строк її адреси минув.
page-error-method-title = Сторінки можна лише читати
page-error-method = Ця адреса не приймає змін.
page-error-long-title = Дуже довге запитання
page-error-long = Запитання може мати до 1000 знаків. Два-три влучні слова часто знаходять більше.
page-error-often-title = Забагато запитів
page-error-often = Трохи повільніше, будь ласка: спробуйте ще раз за мить.
page-error-busy-title = Зайнято
page-error-busy = Bobbin саме зараз не може відповісти. Спробуйте за кілька секунд.
page-error-other-title = Щось пішло не так
page-error-other = Це записано; спробуйте ще раз за мить.

page-description = Відповіді на запитання дослівними цитатами з архіву збережених тредів.
page-about = Це архів збережених тредів. На запитання Bobbin дослівно цитує дописи, що на нього відповідають; жоден текст не генерується.
page-examples = Наприклад:
page-by = автори:
page-more-authors = { $count ->
    [one] і ще { $count }
    [few] і ще { $count }
   *[many] і ще { $count }
}
page-period = від { $first } до { $last }
page-arrived = Додано останніми
page-languages = Мови
page-threads-description = { $count ->
    [one] Список із { $count } збереженого треду.
    [few] Список із { $count } збережених тредів.
   *[many] Список із { $count } збережених тредів.
}
page-author-description = { $count ->
    [one] { $count } збережений тред автора { $name }.
    [few] { $count } збережені треди автора { $name }.
   *[many] { $count } збережених тредів автора { $name }.
}
page-filter = Фільтр і сортування
page-filter-words = Слова в назві, початку чи імені
page-filter-author = Автор
page-filter-collection = Колекція
page-filter-all = Усі
page-filter-since = Опубліковано від
page-filter-until = Опубліковано до
page-filter-show = Показати список
page-filter-none = Таких тредів немає.
page-sort = Сортувати за
page-sort-date = датою, спершу нові
page-sort-arrival = додаванням до архіву, спершу останні
page-sort-length = довжиною, спершу найдовші
page-sort-title = назвою, від А до Я
page-author-search = Знайти автора
page-author-find = Знайти
page-no-such-author = Немає автора з таким ім’ям.
page-cite = Цитувати
page-cite-title = Цитувати: { $title }
page-as-file = Як файл
page-source = Джерело:
page-within = Шукати в цьому треді
page-within-find = Шукати
page-within-none = Жоден допис цього треду не містить цих слів.
page-match-before = ‹ попередній збіг
page-match-after = наступний збіг ›
page-later = { $count ->
    [one] { $count } допис на наступних сторінках
    [few] { $count } дописи на наступних сторінках
   *[many] { $count } дописів на наступних сторінках
}
page-neighbours = Треди того самого автора
page-thread-before = Попередній тред:
page-thread-after = Наступний тред:
page-related = Споріднені треди
page-why = Чому ця цитата?
page-why-words = Слова запитання, що привели сюди:
page-why-signs = Що ще врахувалося:
page-feed-more = Увесь тред
page-trend-common = Ці слова надто поширені, щоб їх рахувати: вони є майже в кожному дописі.
