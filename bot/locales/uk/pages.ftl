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
