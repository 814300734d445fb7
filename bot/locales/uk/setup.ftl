# Перший день на сервері: картка налаштування.

setup-title = Привіт, я { $name }
setup-what = Я відповідаю на запитання дослівними цитатами зі збережених гілок. Три кроки, щоб почати:
setup-threads = Додайте гілки
setup-threads-open = Тут ще нема про що питати.
setup-threads-done = Тут можна питати про { $threads }.
setup-threads-do = Додати гілки
setup-threads-how = **Додайте гілки:** прикріпіть файл до `/архів додати`. Питати про його гілки можна лише на цьому сервері.
setup-threads-saved = Підходять збережені сторінки гілок (текст, HTML, Markdown), експорти облікових записів X і Mastodon та zip із ними.
setup-threads-operator = Гілки для всіх серверів імпортує оператор цього бота командою `bobbin import`.
setup-places = Виберіть канали й ролі
setup-places-open = Питати мене можуть усі в будь-якому каналі.
setup-places-done = Вибрано; панель показує, як саме.
setup-places-do = Вибрати
setup-digest = Налаштуйте дайджест
setup-digest-open = Раз на день: що нового й одна гілка з архіву.
setup-digest-done = Дайджест налаштовано; `/дайджест стан` скаже, коли вийде наступний.
setup-digest-do = Налаштувати
setup-again = `/початок-роботи` покаже це ще раз. Питайте мене згадкою, відповіддю або через `/запитати`.
setup-form-channel = Канал
setup-form-at = Час
setup-form-timezone = Часовий пояс
setup-zone-hint = Київ, Берлін, UTC+2 …
