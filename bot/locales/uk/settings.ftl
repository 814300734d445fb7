# Налаштування сервера.

settings-title = Налаштування сервера { $server }
settings-saved = ✓ Збережено. { $sentence }
settings-needs-manager = Це можуть робити лише люди з дозволом «Керування сервером».
settings-servers-only = Це працює лише на сервері.

settings-who = Хто може питати
settings-channels-all = Мене можна питати в кожному каналі.
settings-channels-some = Мене можна питати лише в { $places }.
settings-channels-choose = Канали, де мене можна питати (жодного: усі)
settings-roles-all = Питати можуть усі.
settings-roles-some = Питати можуть лише люди з однією з цих ролей: { $places }; а також ті, хто керує сервером.
settings-roles-choose = Ролі, які можуть питати (жодної: усі)

settings-answers = Відповіді
settings-mentions-on = На згадки та відповіді мені я відповідаю.
settings-mentions-off = На згадки та відповіді мені я не відповідаю, лише на команди.
settings-mentions-switch-on = Відповідати на згадки
settings-mentions-switch-off = Не відповідати на згадки
settings-private-on = Відповіді на команди бачить лише той, хто питав, якщо він не скаже інакше.
settings-private-off = Відповіді на команди бачать усі, якщо той, хто питав, не скаже інакше.
settings-private-switch-on = Зазвичай приватно
settings-private-switch-off = Зазвичай для всіх
settings-quotes = { $count ->
    [one] Відповідь спершу показує { $count } цитату.
    [few] Відповідь спершу показує { $count } цитати.
   *[other] Відповідь спершу показує { $count } цитат.
}
settings-quotes-choose = Цитат у відповіді
settings-quotes-option = { $count ->
    [one] { $count } цитата
    [few] { $count } цитати
   *[other] { $count } цитат
}

settings-archive = Власні гілки цього сервера
settings-language-auto = Їхню мову визначаю за файлами.
settings-language-is = Їхня мова: { $language }.
settings-language-choose = Мова власних гілок цього сервера
settings-language-option-auto = Визначити за файлами
settings-language-option-other = Інша мова…
settings-language-field = Мова: назва або код
settings-language-unknown = Мови «{ $name }» я не знаю. Напишіть її назву або код, наприклад el для грецької.
settings-unanswered-on = Слова запитань, на які нічого не знайшлося, зберігаються { $days } днів без того, хто питав: їх показує `/архів без-відповіді`.
settings-unanswered-off = Слова запитань, на які нічого не знайшлося, не зберігаються.
settings-unanswered-switch-on = Зберігати слова без відповіді
settings-unanswered-switch-off = Не зберігати слова без відповіді

settings-quotas = Квоти
settings-person-none = Людина може питати скільки завгодно.
settings-person-some = Людина може поставити { $rate }.
settings-server-none = Сервер загалом не має квоти.
settings-server-some = Сервер загалом може поставити { $rate }.
settings-rate-minute = { $count ->
    [one] { $count } запитання за хвилину
    [few] { $count } запитання за хвилину
   *[other] { $count } запитань за хвилину
}
settings-rate-hour = { $count ->
    [one] { $count } запитання за годину
    [few] { $count } запитання за годину
   *[other] { $count } запитань за годину
}
settings-rate-day = { $count ->
    [one] { $count } запитання за день
    [few] { $count } запитання за день
   *[other] { $count } запитань за день
}
settings-exempt-none = Жодна роль не звільнена від квот.
settings-exempt-some = Від квот звільнені: { $places }.
settings-exempt-choose = Ролі, на які квоти не діють
settings-quotas-change = Змінити квоти…
settings-quotas-person = Скільки запитань може поставити людина
settings-quotas-server = Скільки запитань може поставити сервер
settings-quotas-period = протягом
settings-quotas-hint = Порожньо: без квоти
settings-quotas-wrong = Квота — це ціле число від 1 до { $most }, або порожньо, якщо її немає. Нічого не змінено.
settings-period-minute = хвилини
settings-period-hour = години
settings-period-day = дня
