# Що кажуть сторінки у браузері.

page-skip = До вмісту
page-nav = Сторінки
page-threads = Нитки
page-authors = Автори
page-trend = Динаміка
page-home = На першу сторінку
page-question = Запитання
page-question-hint = Що ви хочете дізнатися?
page-ask = Запитати
page-footer = Bobbin цитує дописи слово в слово й нічого не вигадує.
page-feed = Стрічка нових ниток
page-feed-title = Нові нитки
page-front-title = Запитайте архів

page-all-authors = Усі автори
page-all-threads = Усі нитки
page-collections = Збірки
page-newest = Найновіші нитки
page-handbook = Архів порожній, тож тут довідник Bobbin.
page-untitled = Нитка без назви
page-no-authors = Тут не відомо жодного автора.
page-preview = уривок
page-fragment = фрагмент
page-preview-note = Це уривок: в архіві є лише перші дописи нитки.
page-preview-end = Нитка триває далі, але решти в архіві немає.
page-fragment-note = Це фрагмент: інших дописів нитки в архіві немає.
page-private-note = Ця нитка належить одному серверу. Її адреса діє 24 години; хто її має, може прочитати нитку.
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
page-closest = Найближчі нитки
page-score = Оцінка { $score }
page-score-explained = З чого складається оцінка: частки BM25 слів запитання, далі все інше, що враховано.
page-share = Частка
page-share-of = Слово чи ознака
page-share-post = слова допису
page-share-context = слова довкола
page-share-thread = слова нитки
page-share-pairs = сусідні слова
page-share-grams = послідовності літер
page-share-answer = вид відповіді, про який питають
page-share-first = відкриває нитку
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

page-several-title = Кілька ниток починаються однаково
page-several = Ця адреса колись показувала одну з цих ниток. Яку саме, вже невідомо.
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
