# Налаштування сервера.

settings-title = Налаштування сервера { $server }
settings-saved = ✓ Збережено. { $sentence }
settings-needs-manager = Для цього потрібен дозвіл «Керувати сервером».
settings-servers-only = Це працює лише на сервері.

settings-who = Хто може запитувати
settings-channels-all = Я відповідаю в усіх каналах.
settings-channels-some = Я відповідаю лише в { $places }.
settings-channels-choose = Канали, у яких я відповідаю (жодного: усі)
settings-roles-all = Запитувати можуть усі.
settings-roles-some = Запитувати можуть лише учасники з однією з цих ролей: { $places }, а також ті, хто керує сервером.
settings-roles-choose = Ролі, які можуть запитувати (жодної: усі)

settings-answers = Відповіді
settings-mentions-on = Я відповідаю, коли мене згадують або відповідають на моє повідомлення.
settings-mentions-off = Я відповідаю лише на команди, а не на згадки.
settings-mentions-switch-on = Відповідати на згадки
settings-mentions-switch-off = Не відповідати на згадки
settings-private-on = Відповіді на команди бачить лише той, хто запитав, якщо він не вибере інакше.
settings-private-off = Відповіді на команди бачать усі, якщо той, хто запитав, не вибере інакше.
settings-private-switch-on = За замовчуванням приватно
settings-private-switch-off = За замовчуванням для всіх
settings-react-on = Повідомлення без запитання, як-от «дякую!», отримують 👍, якщо мені дозволено додавати реакції.
settings-react-off = Повідомлення без запитання, як-от «дякую!», лишаються без відповіді.
settings-react-switch-on = Реагувати на подяки
settings-react-switch-off = Не реагувати на подяки
settings-quotes = { $count ->
    [one] Відповідь показує за раз { $count } цитату.
    [few] Відповідь показує за раз { $count } цитати.
   *[other] Відповідь показує за раз { $count } цитат.
}
settings-quotes-choose = Кількість цитат у відповіді
settings-quotes-option = { $count ->
    [one] { $count } цитата
    [few] { $count } цитати
   *[other] { $count } цитат
}

settings-archive = Власні гілки цього сервера
settings-language-auto = Їхню мову я визначаю за файлами.
settings-language-is = Їхня мова: { $language }.
settings-language-choose = Мова власних гілок цього сервера
settings-language-option-auto = Визначити за файлами
settings-language-option-other = Інша мова…
settings-language-field = Мова: назва або код
settings-language-unknown = Мови «{ $name }» я не знаю. Напишіть її назву або код, наприклад el для грецької.
settings-unanswered-on = Слова запитань, на які в архіві немає відповіді, я зберігаю { $days } днів, але не те, хто запитував: їх показує `/архів без-відповіді`.
settings-unanswered-off = Слова запитань, на які в архіві немає відповіді, я не зберігаю.
settings-unanswered-switch-on = Зберігати слова без відповіді
settings-unanswered-switch-off = Не зберігати слова без відповіді

settings-quotas = Ліміти
settings-person-none = Для окремих учасників ліміту немає.
settings-person-some = Ліміт для учасника: { $rate }.
settings-server-none = Для сервера загалом ліміту немає.
settings-server-some = Ліміт для всього сервера: { $rate }.
settings-rate-minute = { $count ->
    [one] { $count } запитання на хвилину
    [few] { $count } запитання на хвилину
   *[other] { $count } запитань на хвилину
}
settings-rate-hour = { $count ->
    [one] { $count } запитання на годину
    [few] { $count } запитання на годину
   *[other] { $count } запитань на годину
}
settings-rate-day = { $count ->
    [one] { $count } запитання на день
    [few] { $count } запитання на день
   *[other] { $count } запитань на день
}
settings-exempt-none = Ліміти діють для всіх ролей.
settings-exempt-some = Без ліміту: { $places }.
settings-exempt-choose = Ролі, для яких ліміт не діє
settings-quotas-change = Змінити ліміти…
settings-quotas-person = Запитань від одного учасника
settings-quotas-server = Запитань від усього сервера
settings-quotas-period = Період
settings-quotas-hint = Порожньо: без ліміту
settings-quotas-wrong = Ліміт — це ціле число від 1 до { $most }; якщо ліміту немає, залиште поле порожнім. Нічого не змінено.
settings-period-minute = на хвилину
settings-period-hour = на годину
settings-period-day = на день
