# Автори, за якими стежать адміністратори сервера, і як із цим справи.

command-archive-follow = стежити
command-archive-follow-does = Самостійно додавати нові гілки автора, лише для цього сервера.
command-archive-author = автор
command-archive-follow-author-is = Посилання на профіль, @name.bsky.social або @name@server для Mastodon
command-archive-follow-collection-is = Назва, під якою зберігаються гілки; main, якщо не вказано
command-archive-unfollow = не-стежити
command-archive-unfollow-does = Більше не стежити за автором; те, що вже є, залишиться.
command-archive-unfollow-author-is = Почніть вводити ім’я й виберіть зі списку
command-archive-following = за-ким-стежу
command-archive-following-does = За ким стежить цей сервер, коли була остання перевірка і що не працює.

follow-begun = Стежу за { $name } до колекції { $collection }, лише для цього сервера. До { $most } останніх гілок з’являться за кілька хвилин без оголошення; далі — кожна гілка від трьох дописів, щойно автор мовчить годину.
follow-already = За { $name } тут уже стежу. `/архів за-ким-стежу` показує, як із цим справи.
follow-failed = За { $name } не стежу: { $reason }.
follow-most-server = Цей сервер стежить за { $most } авторами, більше не дозволено. Спершу перестаньте стежити за кимось: `/архів не-стежити`.
follow-most-all = Bobbin стежить загалом за { $most } авторами, більше не дозволено. Попросіть оператора підняти межу.
follow-unknown = За { $name } тут не стежу. `/архів за-ким-стежу` показує всіх.
follow-ended = Більше не стежу за { $name }. Гілки залишаються; `/архів вилучити` вилучає їх.
following-none = Цей сервер ні за ким не стежить. Почніть із `/архів стежити`.
following-title = { $count ->
    [one] Цей сервер стежить за { $count } автором:
    [few] Цей сервер стежить за { $count } авторами:
   *[other] Цей сервер стежить за { $count } авторами:
}
following-author = - { $name } ({ $service }), до { $collection }: остання перевірка { $looked }, остання успішна { $succeeded }
following-trouble = Зараз нічого не надходить: { $reason }
following-more = { $count ->
    [one] І ще { $count }.
    [few] І ще { $count }.
   *[other] І ще { $count }.
}
following-never = ніколи
following-status = { $count ->
    [one] Стежу за { $count } автором, остання успішна перевірка { $succeeded }.
    [few] Стежу за { $count } авторами, остання успішна перевірка { $succeeded }.
   *[other] Стежу за { $count } авторами, остання успішна перевірка { $succeeded }.
}
following-status-trouble = { $count ->
    [one] Від { $name } зараз нічого не надходить: { $reason }
    [few] Від { $count } з них зараз нічого не надходить, наприклад { $name }: { $reason }
   *[other] Від { $count } з них зараз нічого не надходить, наприклад { $name }: { $reason }
}
