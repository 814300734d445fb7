# Слова, спільні для кількох родин.

posts = { $count ->
    [one] { $count } допис
    [few] { $count } дописи
    [many] { $count } дописів
   *[other] { $count } допису
}
threads = { $count ->
    [one] { $count } нитка
    [few] { $count } нитки
    [many] { $count } ниток
   *[other] { $count } нитки
}
