# How the operators in a question were understood.

filter-author = by { $value }
filter-before = before { $value }
filter-after = from { $value } on
filter-on = of { $value }
filter-newer = newer than { $span }
filter-older = older than { $span }
filter-in = in { $value }
filter-thread = in the thread { $value }
filter-has-link = with a link
filter-has-picture = with a picture
filter-has-number = with a number
filter-lang = in the language { $value }
filter-phrase = “{ $value }” word for word
filter-word = with { $value }
filter-not = not { $what }
filter-and = and
filter-or = or
filters-held = Only posts: { $filters }.
filters-newest = The newest posts: { $filters }.
filters-unmet = No post here matches: { $filters }.
filters-none-pass = No post here matches all of this: { $filters }.
filters-none-answer = { $count ->
    [one] One post here matches, and it does not answer this: { $filters }.
   *[other] { $count } posts here match, and none of them answers this: { $filters }.
}
filters-no-phrase = No post holds “{ $phrase }” word for word, so its words were searched.
filters-no-value = “{ $typed }” cannot be read as { $option }.
page-operators = Filters of this question
page-operator-remove = Remove: { $filter }
page-operator = Filter
page-operator-author = Author
page-operator-after = Posted on or after
page-operator-before = Posted before
page-operator-in = Collection
page-operators-more = In the question itself one can also write:
