# Що завантажують адміни сервера і що з того вийшло.

uploads-too-large = { $name } має { $size } МіБ, а можна { $most }. Заархівуйте файл у zip, поділіть його або попросіть власника бота його прочитати.
uploads-full = Гілки цього сервера вже мають { $posts } дописів, а можна { $most }. Спершу вилучіть якийсь файл через `/архів вилучити`.
uploads-busy = Інший файл цього сервера ще читається. Зачекайте, поки він завершиться.
uploads-collections = Цей сервер має { $count } збірок, більше не можна. Візьміть одну з них: { $names }.
uploads-gone = Не вдалося отримати файл від Discord. Завантажте його ще раз.
uploads-waiting = { $name }: чекає, поки завершиться інший сервер.
uploads-reading = { $name }: { $percent } %, { $count ->
    [one] { $count } допис
    [few] { $count } дописи
   *[other] { $count } дописів
}
uploads-taking-up = { $name } прочитано. Пошук приймає його.
uploads-done = { $name } прочитано; питати про це можна на цьому сервері й на жодному іншому.
uploads-failed = { $name } не вдалося прочитати: { $reason }. Нічого з нього не збережено.
uploads-no-thread = { $name } не схоже на тред: немає послідовної нумерації, відомої сторінки чи вступного блоку. Нічого з нього не збережено.
uploads-nothing-in-it = { $name } не містить треду. Нічого з нього не збережено.
uploads-plain = Імпортувати як звичайний текст
uploads-plain-means = Звичайний текст стане тредом, який зможуть читати й цитувати всі, кому тут дозволено питати.
uploads-plain-too-large = Файл завеликий, щоб тримати його тут напоготові. Попросіть власника бота імпортувати його як звичайний текст.
uploads-passed-over = Пропущено, бо не схоже на тред: { $names }.
uploads-partly = { $name } прочитано, наскільки вдалося; питати про це можна на цьому сервері й на жодному іншому.
uploads-time = { $name } читався довше ніж { $seconds } с, тож читання перервано. Поділіть файл або попросіть власника бота його прочитати.
uploads-room = З { $name } цей сервер мав би понад { $most } дописів, тож читання перервано. Вилучіть якийсь файл через `/архів вилучити` або завантажте менше.
uploads-stopping = Мене ось-ось зупинять, тож читання { $name } перервано. Завантажте файл знову за хвилину.
uploads-refused = { $name } перервано: { $reason }. Завантажте файл знову, коли це буде усунено.
uploads-kept-before = З файлів у ньому прочитано { $count }, з решти нічого не збережено.
uploads-threads = Гілки: { $new } нових, { $updated } доповнених, { $unchanged } незмінних.
uploads-posts = Дописи: { $new } нових, { $updated } доповнених, { $unchanged } незмінних.
uploads-left-out = Пропущено: { $what }.
uploads-warnings = Примітки:
uploads-more = і ще { $count }

uploads-list = Файли цього сервера
uploads-none = Цей сервер не має власних гілок. `/архів додати` читає їх із файлу.
uploads-file = { $threads }, { $posts } · { $collection } · { $day }
uploads-page = сторінка { $page } з { $pages }
uploads-back = Назад
uploads-next = Далі

uploads-no-such = Такого файлу цей сервер не має. Виберіть зі списку.
uploads-everything = Усе: { $count } файлів
uploads-removal = Вилучити { $name }?
uploads-removal-all = Вилучити всі файли цього сервера?
uploads-removal-takes = Назавжди зникне: { $threads }, { $posts }.
uploads-removal-changes = { $threads } лишаться такими, як їх мають інші файли.
uploads-remove = Вилучити
uploads-keep = Лишити
uploads-kept = Нічого не вилучено.
uploads-removed = Вилучено: { $threads }, { $posts }. В архіві не лишилося жодної копії.
uploads-removed-not-wiped = Вилучено: { $threads }, { $posts }. Архів зараз читає інша програма, тож сліди лишаться в його файлі до наступного вилучення.

uploads-export = Гілки збірки { $collection }, по одній у рядку. `/архів додати` прочитає цей файл знову.
uploads-export-none = Збірки з такою назвою цей сервер не має.
uploads-export-too-large = Це було б понад { $count } файлів по { $size } МіБ. Попросіть про це власника бота.

uploads-stats = Про що можна питати на цьому сервері
uploads-stats-own = Власне: { $threads }, { $posts }, { $count ->
    [one] { $count } збірка
    [few] { $count } збірки
   *[other] { $count } збірок
}. Можна ще { $room } дописів.
uploads-stats-public = Відкрите всім серверам: { $threads }, { $posts }.
uploads-stats-previews = { $count ->
    [one] Від { $count } гілки відомі лише перші дописи.
   *[other] Від { $count } гілок відомі лише перші дописи.
}
uploads-stats-judged = Відповіді оцінено: корисно — { $helpful }, не корисно — { $unhelpful }.
uploads-stats-unhelpful = Найчастіше не корисно:
uploads-stats-thread = { $title }: { $unhelpful } з { $count }
uploads-stats-notes = Що люди до цього написали, без імен, упродовж { $days } днів:

uploads-unanswered = Запитання без відповіді
uploads-unanswered-off = Слова запитань без відповіді не зберігаються. Увімкнути це можна в `/налаштування`.
uploads-unanswered-none = Поки що нічого.
uploads-unanswered-line = { $words } · { $count ->
    [one] { $count } раз
    [few] { $count } рази
   *[other] { $count } разів
}, востаннє { $day }{ $closest ->
    [0] {""}
   *[other] {" "}· показано найближчі: { $closest }×
}
uploads-unanswered-kept = Слова зберігаються { $days } днів без того, хто питав.

command-archive = архів
command-archive-does = Власні гілки цього сервера: для його адмінів.
command-archive-add = додати
command-archive-add-does = Прочитати гілки з файлу, лише для цього сервера.
command-archive-file = файл
command-archive-add-file-is = Збережена сторінка, експорт чи zip у будь-якому вигляді, який читає Боббін
command-archive-collection = збірка
command-archive-add-collection-is = Під якою назвою зберігати гілки; якщо не вказано, main
command-archive-list = список
command-archive-list-does = Файли власних гілок цього сервера.
command-archive-remove = вилучити
command-archive-remove-does = Назавжди вилучити гілки файлу з власних гілок цього сервера.
command-archive-remove-file-is = Почніть вводити його назву й виберіть зі списку
command-archive-export = вивантажити
command-archive-export-does = Записати власні гілки цього сервера у файл.
command-archive-export-collection-is = Яка збірка; якщо не вказано, main
command-archive-stats = статистика
command-archive-stats-does = Про що можна питати на цьому сервері та як оцінюють відповіді.
command-archive-unanswered = без-відповіді
command-archive-unanswered-does = Слова запитань, на які тут нічого не знайшлося.
