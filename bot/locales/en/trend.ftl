# How often words were posted about.

trend-counted = { $count ->
    [one] In { $count } post with a known date.
   *[other] In { $count } posts with a known date, by month.
}
trend-undated = { $count ->
    [one] { $count } post with these words has no known date.
   *[other] { $count } posts with these words have no known date.
}
trend-none = No post here holds these words.
trend-common = These words are too common to count: nearly every post holds them.
trend-wordless = There is no word in this to count.
trend-described = Posts by month that hold: { $words }
