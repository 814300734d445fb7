# Words that several families use.

posts = { $count ->
    [one] { $count } post
   *[other] { $count } posts
}
threads = { $count ->
    [one] { $count } thread
   *[other] { $count } threads
}
