# Хто написав щось першим, за датами, які знає архів.

when-first = Перший у цьому архіві, { $date }:
when-authors = Перша згадка кожного іншого автора:
when-author-unknown = автор невідомий
when-none = Жоден допис цього архіву не містить «{ $words }».
when-counted = { $count ->
    [one] Це є в { $count } дописі, за місяцями:
    [few] Це є у { $count } дописах, за місяцями:
    [many] Це є у { $count } дописах, за місяцями:
   *[other] Це є у { $count } допису, за місяцями:
}
when-undated = { $count ->
    [one] { $count } допис із цим без відомої дати, тож може бути раніше:
    [few] { $count } дописи з цим без відомої дати, тож можуть бути раніше:
    [many] { $count } дописів із цим без відомої дати, тож можуть бути раніше:
   *[other] { $count } допису з цим без відомої дати, тож може бути раніше:
}
when-all = Усі
when-covered = Цей архів охоплює період від { $first } до { $last }; з його { $posts } дописів { $undated } без відомої дати.
when-covered-nothing = Жоден допис цього архіву не має відомої дати.
when-described = Дописи за місяцями зі словами: { $words }
when-then = Тоді
when-now = Тепер
when-about-none = У цьому архіві жоден допис автора { $author } не про «{ $words }».
when-about = { $count ->
    [one] { $count } допис автора { $author } про «{ $words }»; без відомої дати: { $undated }.
    [few] { $count } дописи автора { $author } про «{ $words }»; без відомої дати: { $undated }.
    [many] { $count } дописів автора { $author } про «{ $words }»; без відомої дати: { $undated }.
   *[other] { $count } допису автора { $author } про «{ $words }»; без відомої дати: { $undated }.
}
when-edited = Інше формулювання, прочитане { $date }: { $words }
