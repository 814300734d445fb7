# Wörter, die mehrere Familien brauchen.

posts = { $count ->
    [one] { $count } Beitrag
   *[other] { $count } Beiträge
}
threads = { $count ->
    [one] { $count } Thread
   *[other] { $count } Threads
}
