# Щоденний дайджест, яким він публікується.

digest-heading = Дайджест дня · { $date }
digest-since = Охоплює все від останнього дайджесту, за { $date }.
digest-new = { $count ->
    [one] { $count } нова гілка
    [few] { $count } нові гілки
    [many] { $count } нових гілок
   *[other] { $count } нової гілки
}
digest-more = і ще { $count }
digest-browse = { $count ->
    [one] Нова гілка ({ $count })
    [few] Усі { $count } нові гілки
    [many] Усі { $count } нових гілок
   *[other] Усі { $count } нової гілки
}
digest-archive = З архіву
digest-anniversary = { $count ->
    [one] З архіву: опубліковано { $count } рік тому
    [few] З архіву: опубліковано { $count } роки тому
    [many] З архіву: опубліковано { $count } років тому
   *[other] З архіву: опубліковано { $count } року тому
}
digest-asked = Тут запитували
digest-asked-yesterday = { $count ->
    [one] Учора була відповідь на { $count } запитання.
    [few] Учора були відповіді на { $count } запитання.
    [many] Учора були відповіді на { $count } запитань.
   *[other] Учора були відповіді на { $count } запитання.
}
digest-asked-days = { $count ->
    [one] За { $days } дн. до того була відповідь на { $count } запитання.
    [few] За { $days } дн. до того були відповіді на { $count } запитання.
    [many] За { $days } дн. до того були відповіді на { $count } запитань.
   *[other] За { $days } дн. до того були відповіді на { $count } запитання.
}
digest-asked-closest = Лише найближчі дописи показано: { $count }.
digest-asked-nothing = Нічого в архіві немає: { $count }.
digest-quoted = Найчастіше цитували:
digest-full = Уся гілка
digest-read = Читати тут
digest-times = { $title } · { $count }×
digest-page = сторінка { $page } з { $pages }
digest-back = Назад
digest-next = Далі
digest-none = Жодної з цих гілок в архіві вже немає.

# Налаштування і те, що кажуть адміністраторам.

digest-set = Дайджест приходитиме в { $channel } щодня о { $at } за годинником у { $zone }. Перший: { $when }.
digest-changed = Дайджест приходитиме в { $channel } щодня о { $at } за годинником у { $zone }. Наступний: { $when }.
digest-holds = У ньому: { $content }.
digest-mentions = Він згадує { $role }.
digest-mute = Цю роль мені тут згадувати не можна; її назву видно, але сповіщення ніхто не отримає. Дозвольте мені згадувати всі ролі або зробіть цю доступною для згадування всіма.
digest-content-everything = нові гілки, одна з архіву, що запитували
digest-content-threads = нові гілки й одна з архіву
digest-content-news = усе, але тільки коли є щось нове
digest-content-new = тільки нові гілки, коли вони є
digest-content-archive = одна гілка з архіву
digest-lacks = Не можу публікувати в { $channel }: там мені бракує { $permissions }. Дайте мені ці права і спробуйте ще раз.
digest-lacks-view = Перегляд каналу
digest-lacks-send = Надсилання повідомлень
digest-lacks-history = Перегляд історії повідомлень
digest-zone-unknown = Часового поясу «{ $typed }» я не знаю. Виберіть зі списку; він знаходить і міста.
digest-zone-nearest = Не певен, який годинник означає «{ $typed }». Виберіть: { $zones }.
digest-at-unknown = «{ $typed }» не є часом доби. Напишіть, наприклад, 9:00 або 17:30.
digest-role-everyone = Дайджест ніколи не згадує всіх. Виберіть іншу роль або жодної.
digest-none-here = На цьому сервері немає дайджесту. Налаштуйте його командою `/дайджест налаштувати`.
digest-no-preview = Зараз дайджесту не було б: нічого нового немає.
digest-empty = Зараз дайджесту не було б: архіву нема чого показати.
digest-preview-of = Таким дайджест прийшов би { $when }; це бачите тільки ви.
digest-posted = Сьогоднішній дайджест опубліковано: { $link }
digest-already = Сьогоднішній дайджест уже є: { $link }
digest-quiet-today = Сьогоднішній дайджест пропущено, бо нічого нового не було.
digest-nothing-now = Нема чого публікувати: нічого нового немає.
digest-busy = Сьогоднішній дайджест саме публікується.
digest-failed-now = Discord зараз не прийняв дайджест. Я пробую далі; `/дайджест стан` скаже, що з ним сталося.
digest-paused = Дайджест призупинено. `/дайджест далі` його продовжить.
digest-resumed = Дайджест продовжується. Наступний: { $when }.
digest-running = Дайджест не призупинено. Наступний: { $when }.
digest-ended = Дайджест вимкнено. `/дайджест налаштувати` почне новий.
digest-status = Дайджест приходить у { $channel } щодня о { $at } за годинником у { $zone }.
digest-status-next = Наступний: { $when } ({ $relative })
digest-status-last = Останній: { $link }
digest-status-quiet = { $date } нічого нового не було, тож дайджесту теж.
digest-status-never = Ще жодного не було.
digest-status-paused = Призупинено: { $reason }
digest-why-admin = його призупинив адміністратор. `/дайджест далі` його продовжить.
digest-why-forbidden = Discord не дає мені публікувати в { $channel }. Надайте мені там права «Переглядати канал», «Надсилати повідомлення» і «Читати історію повідомлень», а тоді скористайтеся `/дайджест далі`.
digest-why-missing = каналу більше немає. Виберіть інший командою `/дайджест налаштувати`.
digest-why-unfit = Discord не приймає допис; це моя помилка. Причина є в журналі оператора.
digest-told = Щоденний дайджест сервера **{ $server }** призупинено: { $reason }
