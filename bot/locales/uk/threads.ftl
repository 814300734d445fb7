# Гілки: їхні заголовки, сторінки та списки.

thread-untitled = Гілка без назви
thread-preview = уривок
thread-fragment = фрагмент
thread-extent-preview = { $count ->
    [one] уривок: відомий лише { $count } перший допис
    [few] уривок: відомі лише { $count } перші дописи
    [many] уривок: відомі лише { $count } перших дописів
   *[other] уривок: відомо лише { $count } першого допису
}
thread-extent-fragment = { $count ->
    [one] фрагмент: { $count } допис, решти бракує
    [few] фрагмент: { $count } дописи, решти бракує
    [many] фрагмент: { $count } дописів, решти бракує
   *[other] фрагмент: { $count } допису, решти бракує
}
thread-place = допис { $place } з { $length }
thread-place-in-preview = допис { $place } уривка
thread-place-in-fragment = допис { $place } фрагмента
thread-place-numbered = в оригіналі номер { $number }
thread-missing-here = { $count ->
    [one] тут бракує { $count } допису
   *[other] тут бракує { $count } дописів
}
thread-nothing-to-show = (у цьому дописі немає чого показати)
thread-continued = продовження
thread-continues = далі на наступній сторінці
thread-quoted-post = цитований допис
thread-ends-preview = Це уривок: гілка триває, але решти немає в архіві.
thread-ends-fragment = Це фрагмент: інших дописів гілки немає в архіві.
thread-page = сторінка { $page } з { $pages }
thread-original = Оригінал
thread-first = Початок
thread-previous = Назад
thread-next = Далі
thread-last = Кінець
thread-open = Відкрити

threads-list = Гілки
threads-more = і ще { $count }: `/гілка` знаходить їх за назвою, автором чи словами
threads-none = Тут ще немає гілок.

threads-closest = Гілки з такою назвою тут немає. Найближчі:
threads-alike = Кілька гілок починаються однаково. Можливо, ви мали на увазі одну з них:
threads-no-such = Такої гілки тут немає. Почніть вводити назву, автора чи кілька слів і виберіть зі списку.
thread-no-such-post = Допису { $number } у цій гілці немає; усього їх { $length }.

threads-newest = Найновіші гілки
threads-by = Гілки автора { $author }
threads-by-chance = Випадкові гілки
threads-of = колекція { $collection }
threads-others = Показати інші
threads-sort-date = спершу найновіші
threads-sort-arrival = спершу додані останніми
threads-sort-length = спершу найдовші
threads-sort-title = за назвою, від А до Я
threads-sorted-date = Найновіші гілки
threads-sorted-arrival = Гілки, додані останніми
threads-sorted-length = Найдовші гілки
threads-sorted-title = Гілки за назвою
threads-titled = «{ $words }»
threads-since = з { $day }
threads-until = до { $day }
threads-no-day = «{ $typed }» — це не дата. Напишіть, наприклад, 2023, 05.2023 або 17.05.2023.
threads-none-such = Таких гілок тут немає. Виберіть автора й колекцію зі списку або спробуйте менше слів чи інший період.
