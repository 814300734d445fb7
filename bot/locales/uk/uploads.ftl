# Що завантажують адміни сервера і що з того вийшло.

uploads-too-large = { $name } має { $size } МіБ, а дозволено { $most } МіБ. Запакуйте файл у zip, розділіть його або попросіть власника бота його імпортувати.
uploads-full = Гілки цього сервера вже мають { $posts } дописів, а дозволено { $most }. Спершу вилучіть якийсь файл командою `/архів вилучити`.
uploads-file-or-link = Додайте файл або вкажіть посилання на допис у Bluesky чи Mastodon: щось одне.
uploads-no-words = У цьому повідомленні немає тексту, який можна зберегти.
uploads-busy = Інший файл цього сервера ще обробляється. Зачекайте, доки він буде готовий.
uploads-collections = Цей сервер уже має { $count } колекцій, більше не можна. Виберіть одну з них: { $names }.
uploads-gone = Не вдалося отримати файл від Discord. Завантажте його ще раз.
uploads-waiting = { $name }: очікує, доки обробиться файл іншого сервера.
uploads-reading = { $name }: { $percent } %, { $count ->
    [one] { $count } допис
    [few] { $count } дописи
   *[other] { $count } дописів
}
uploads-taking-up = { $name } імпортовано. Пошук зараз його підхопить.
uploads-done = { $name } імпортовано. Тепер про це можна запитувати, але лише на цьому сервері.
uploads-failed = { $name } не вдалося прочитати: { $reason }. Нічого не збережено.
uploads-no-thread = { $name } не схоже на гілку: немає ні послідовної нумерації, ні відомої сторінки, ні блоку з автором і назвою на початку. Нічого не збережено.
uploads-nothing-in-it = { $name } не містить жодної гілки. Нічого не збережено.
uploads-plain = Усе одно імпортувати як текст
uploads-plain-means = Текст стане гілкою, яку зможуть читати всі, кому тут дозволено запитувати.
uploads-plain-too-large = Файл завеликий, щоб зберігати його тут. Попросіть власника бота імпортувати його як текст.
uploads-passed-over = Пропущено, бо не схоже на гілку: { $names }.
uploads-partly = { $name } імпортовано, наскільки вдалося прочитати. Тепер про це можна запитувати, але лише на цьому сервері.
uploads-time = Обробка { $name } тривала довше ніж { $seconds } с, тому її перервано. Розділіть файл або попросіть власника бота його імпортувати.
uploads-room = З { $name } цей сервер мав би понад { $most } дописів, тому обробку перервано. Вилучіть якийсь файл командою `/архів вилучити` або завантажте менше.
uploads-stopping = Мене зараз перезапускають, тому обробку { $name } перервано. Завантажте файл ще раз за хвилину.
uploads-refused = Обробку { $name } перервано: { $reason }. Завантажте файл ще раз, коли це буде усунено.
uploads-kept-before = З файлів у ньому імпортовано { $count }, з решти нічого не збережено.
uploads-threads = Гілки: нових { $new }, доповнених { $updated }, без змін { $unchanged }.
uploads-posts = Дописи: нових { $new }, доповнених { $updated }, без змін { $unchanged }.
uploads-left-out = Пропущено: { $what }.
uploads-languages = { $count ->
    [one] Мова: { $names }.
   *[other] Мови: { $names }.
}
uploads-warnings = Примітки:
uploads-more = і ще { $count }

uploads-list = Файли цього сервера
uploads-none = Цей сервер не має власних гілок. Імпортувати їх із файлу можна командою `/архів додати`.
uploads-file = { $threads }, { $posts } · { $collection } · { $day }
uploads-page = сторінка { $page } з { $pages }
uploads-back = Назад
uploads-next = Далі

uploads-no-such = На цьому сервері такого файлу немає. Виберіть зі списку.
uploads-everything = Усе, файлів: { $count }
uploads-removal = Вилучити { $name }?
uploads-removal-all = Вилучити всі файли цього сервера?
uploads-removal-takes = Назавжди буде видалено: { $threads }, { $posts }.
uploads-removal-changes = Залишиться: { $threads }, бо є і в інших файлах.
uploads-remove = Вилучити
uploads-keep = Залишити
uploads-kept = Нічого не вилучено.
uploads-removed = Вилучено: { $threads }, { $posts }. В архіві не залишилося жодної їхньої копії.
uploads-removed-not-wiped = Вилучено: { $threads }, { $posts }. Архів зараз читає інша програма, тому сліди зникнуть із його файлу невдовзі після того, як вона завершить.

uploads-export = Гілки колекції { $collection }, по одній у рядку. Імпортувати цей файл знову можна командою `/архів додати`.
uploads-export-none = Колекції з такою назвою цей сервер не має.
uploads-export-too-large = Це було б понад { $count } файлів по { $size } МіБ. Попросіть про це власника бота.

uploads-stats = Про що можна запитувати на цьому сервері
uploads-stats-own = Власні гілки: { $threads }, { $posts }, { $count ->
    [one] { $count } колекція
    [few] { $count } колекції
   *[other] { $count } колекцій
}. Можна додати ще { $room } дописів.
uploads-stats-public = Для всіх серверів: { $threads }, { $posts }.
uploads-stats-previews = { $count ->
    [one] У { $count } гілки відомі лише перші дописи.
   *[other] У { $count } гілок відомі лише перші дописи.
}
uploads-stats-judged = Оцінки відповідей: корисно — { $helpful }, не корисно — { $unhelpful }.
uploads-stats-unhelpful = Найчастіше не корисно:
uploads-stats-thread = { $title }: { $unhelpful } з { $count }
uploads-stats-notes = Що люди до цього написали, без імен, за { $days } днів:

uploads-unanswered = Запитання без відповіді
uploads-unanswered-off = Слова запитань без відповіді не зберігаються. Увімкнути це можна командою `/налаштування`.
uploads-unanswered-none = Поки що нічого.
uploads-unanswered-line = { $words } · { $count ->
    [one] { $count } раз
    [few] { $count } рази
   *[other] { $count } разів
}, востаннє { $day }{ $closest ->
    [0] {""}
   *[other] {" "}· показано схожі дописи: { $closest }×
}
uploads-unanswered-kept = Слова зберігаються { $days } днів, але не те, хто запитував.

command-archive = архів
command-archive-does = Власні гілки цього сервера (для адміністраторів).
command-archive-add = додати
command-archive-add-does = Імпортувати гілки з файлу або за посиланням лише для цього сервера.
command-archive-file = файл
command-archive-add-file-is = Збережена сторінка, експорт або zip
command-archive-link = посилання
command-archive-add-link-is = Посилання на допис у Bluesky чи Mastodon; буде отримано всю гілку
command-archive-collection = колекція
command-archive-add-collection-is = Колекція, до якої додати гілки; якщо не вказати — main
command-archive-list = список
command-archive-list-does = Файли з власними гілками цього сервера.
command-archive-remove = вилучити
command-archive-remove-does = Назавжди вилучити гілки файлу з цього сервера.
command-archive-remove-file-is = Почніть вводити його назву й виберіть зі списку
command-archive-export = експортувати
command-archive-export-does = Записати власні гілки цього сервера у файл.
command-archive-export-collection-is = Яка колекція; якщо не вказати — main
command-archive-stats = статистика
command-archive-stats-does = Про що можна запитувати на цьому сервері та як оцінюють відповіді.
command-archive-unanswered = без-відповіді
command-archive-unanswered-does = Слова запитань, на які в архіві немає відповіді.
