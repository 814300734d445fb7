# Щоденний дайджест, яким він публікується.

digest-heading = Дайджест за { $date }
digest-heading-named = { $name } · { $date }
digest-heading-not-daily = Дайджест · { $date }
digest-since = Тут усе, що з’явилося після останнього дайджесту за { $date }.
digest-new = { $count ->
    [one] { $count } нова гілка
    [few] { $count } нові гілки
    [many] { $count } нових гілок
   *[other] { $count } нової гілки
}
digest-more = і ще { $count }
digest-browse = { $count ->
    [one] { $count } нова гілка
    [few] Усі { $count } нові гілки
    [many] Усі { $count } нових гілок
   *[other] Усі { $count } нової гілки
}
digest-archive = З архіву
digest-anniversary = { $count ->
    [one] З архіву: цього дня { $count } рік тому
    [few] З архіву: цього дня { $count } роки тому
    [many] З архіву: цього дня { $count } років тому
   *[other] З архіву: цього дня { $count } року тому
}
digest-asked = Що тут запитували
digest-asked-yesterday = { $count ->
    [one] Учора я відповів на { $count } запитання.
    [few] Учора я відповів на { $count } запитання.
    [many] Учора я відповів на { $count } запитань.
   *[other] Учора я відповів на { $count } запитання.
}
digest-asked-days = { $days ->
    [one] За останній { $days } день
    [few] За останні { $days } дні
   *[other] За останні { $days } днів
} я відповів на { $count ->
    [many] { $count } запитань.
   *[other] { $count } запитання.
}
digest-asked-closest = { $count ->
    [one] Ще на { $count } запитання знайшлися лише схожі дописи.
    [few] Ще на { $count } запитання знайшлися лише схожі дописи.
   *[other] Ще на { $count } запитань знайшлися лише схожі дописи.
}
digest-asked-nothing = { $count ->
    [one] На { $count } запитання в архіві відповіді немає.
    [few] На { $count } запитання в архіві відповіді немає.
   *[other] На { $count } запитань в архіві відповіді немає.
}
digest-quoted = Найчастіше цитували:
digest-full = Уся гілка
digest-read = Читати тут
digest-times = { $title } · { $count }×
digest-page = сторінка { $page } з { $pages }
digest-back = Назад
digest-next = Далі
digest-none = Жодної з цих гілок в архіві вже немає.

# Налаштування і те, що кажуть адміністраторам.

digest-set = Дайджест виходитиме в { $channel } { $days } о { $at } за часом { $zone }. Перший: { $when }.
digest-changed = Дайджест виходитиме в { $channel } { $days } о { $at } за часом { $zone }. Наступний: { $when }.
digest-holds = Вміст: { $content }.
digest-mentions = Згадуватиметься { $role }.
digest-mute = Я не маю права згадувати тут цю роль: її назву буде видно, але сповіщень ніхто не отримає. Дозвольте мені згадувати всі ролі або дозвольте всім згадувати цю роль.
digest-content-everything = нові гілки, одна з архіву та про що запитували
digest-content-threads = нові гілки й одна з архіву
digest-content-news = усе, але лише коли є щось нове
digest-content-new = лише нові гілки, коли вони є
digest-content-archive = одна гілка з архіву
digest-days-daily = щодня
digest-days-workdays = з понеділка до п’ятниці
digest-days-weekend = щосуботи й щонеділі
digest-days-weekday-0 = щопонеділка
digest-days-weekday-1 = щовівторка
digest-days-weekday-2 = щосереди
digest-days-weekday-3 = щочетверга
digest-days-weekday-4 = щоп’ятниці
digest-days-weekday-5 = щосуботи
digest-days-weekday-6 = щонеділі
digest-unnamed = дайджест без назви
digest-which = На цьому сервері кілька дайджестів: { $names }. Виберіть один параметром `дайджест`.
digest-unknown = Дайджесту з назвою «{ $typed }» тут немає. Є такі: { $names }.
digest-too-many = Найбільша кількість дайджестів на сервері: { $count }. Спершу вимкніть один командою `/дайджест вимкнути`.
digest-source-unknown = В архіві немає ні колекції, ні автора з назвою «{ $typed }».
digest-takes = Лише з: { $sources }.
digest-size-is = Найбільша кількість гілок: { $size }.
digest-recency-is = Новіші гілки з’являються частіше: { $number } з 4.
digest-weighed = З архіву { $source } показуватиметься { $often }.
digest-often-never = ніколи
digest-often-seldom = зрідка
digest-often-normal = так само часто, як інші
digest-often-often = часто
digest-shown-never = З архіву ніколи: { $sources }.
digest-shown-seldom = З архіву зрідка: { $sources }.
digest-shown-often = З архіву часто: { $sources }.
digest-lacks = Я не можу публікувати в { $channel }, мені бракує дозволів: { $permissions }. Надайте їх і спробуйте ще раз.
digest-lacks-view = Переглядати канал
digest-lacks-send = Надсилати повідомлення
digest-lacks-history = Читати історію повідомлень
digest-zone-unknown = Часового поясу «{ $typed }» я не знаю. Виберіть зі списку; можна ввести й місто.
digest-zone-nearest = «{ $typed }» можна зрозуміти по-різному. Який часовий пояс ви мали на увазі? { $zones }
digest-at-unknown = «{ $typed }» — це не час. Напишіть, наприклад, 9:00 або 17:30.
digest-role-everyone = Дайджест ніколи не згадує всіх. Виберіть іншу роль або жодної.
digest-none-here = На цьому сервері немає дайджесту. Налаштуйте його командою `/дайджест налаштувати`.
digest-no-preview = Зараз дайджесту не було б: нічого нового немає.
digest-empty = Зараз дайджесту не було б: в архіві немає чого показати.
digest-preview-of = Так виглядатиме наступний дайджест: { $when }. Цей перегляд бачите лише ви.
digest-posted = Сьогоднішній дайджест тут: { $link }
digest-already = Сьогоднішній дайджест уже тут: { $link }
digest-quiet-today = Сьогоднішній дайджест пропущено, бо нічого нового не було.
digest-nothing-now = Публікувати нічого: нового немає.
digest-page-link = [Сторінка цього дайджесту]({ $link })
digest-busy = Сьогоднішній дайджест саме публікується.
digest-failed-now = Discord зараз не прийняв дайджест. Я спробую ще; `/дайджест стан` покаже, що з ним сталося.
digest-paused = Дайджест призупинено. Відновити його можна командою `/дайджест відновити`.
digest-resumed = Дайджест відновлено. Наступний: { $when }.
digest-running = Дайджест не призупинено. Наступний: { $when }.
digest-ended = Дайджест вимкнено. Увімкнути його знову можна командою `/дайджест налаштувати`.
digest-status = Дайджест виходить у { $channel } { $days } о { $at } за часом { $zone }.
digest-status-next = Наступний: { $when } ({ $relative })
digest-status-last = Останній: { $link }
digest-status-quiet = { $date } нічого нового не було, тому дайджест не вийшов.
digest-status-never = Ще жоден не вийшов.
digest-status-paused = Призупинено: { $reason }
digest-why-admin = так вирішив адміністратор. Відновити можна командою `/дайджест відновити`.
digest-why-forbidden = я не маю права публікувати в { $channel }. Надайте мені там дозволи «Переглядати канал», «Надсилати повідомлення» і «Читати історію повідомлень», а потім скористайтеся `/дайджест відновити`.
digest-why-missing = цього каналу вже немає. Виберіть інший командою `/дайджест налаштувати`.
digest-why-unfit = Discord не приймає дайджест; це моя помилка. Власник бота знайде причину в журналі.
digest-told = Дайджест сервера **{ $server }** призупинено: { $reason }
