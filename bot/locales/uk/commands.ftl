# Команди: їхні назви, що вони роблять, і їхні параметри. Назви — малими літерами й без пробілів.

command-ask = запитати
command-ask-does = Запитати архів; він відповідає цитатами, слово в слово.
command-ask-question = запитання
command-ask-question-is = Що ви хочете знати
option-private = приватно
command-ask-private-is = Показати відповідь лише вам
menu-ask = Запитати нитки
command-thread = нитка
command-thread-does = Прочитати всю нитку, знайдену за назвою, автором чи словами.
command-thread-thread = нитка
command-thread-thread-is = Почніть вводити назву, автора чи кілька слів
command-thread-private-is = Показати нитку лише вам
command-help = довідка
command-help-does = Як працює Боббін; запитайте його довідник про що завгодно.
command-help-question = запитання
command-help-question-is = Що ви хочете знати про Боббіна, напр.: How do I set up a daily digest?
command-thread-post = допис
command-thread-post-is = Показати сторінку з дописом за цим номером
command-settings = налаштування
command-settings-does = Що Боббін робить на цьому сервері: для його адміністраторів.
