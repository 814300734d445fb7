# Як зрозуміло оператори запитання.

filter-author = автор { $value }
filter-before = до { $value }
filter-after = від { $value }
filter-on = дата { $value }
filter-newer = новіші ніж { $span }
filter-older = давніші ніж { $span }
filter-in = у { $value }
filter-thread = у гілці { $value }
filter-has-link = з посиланням
filter-has-picture = із зображенням
filter-has-number = із числом
filter-lang = мовою { $value }
filter-phrase = дослівно «{ $value }»
filter-word = зі словом { $value }
filter-not = не { $what }
filter-and = і
filter-or = або
filters-held = Лише дописи: { $filters }.
filters-newest = Найновіші дописи: { $filters }.
filters-unmet = Таких дописів тут немає: { $filters }.
filters-none-pass = Жоден допис тут не відповідає всьому цьому: { $filters }.
filters-none-answer = { $count ->
    [one] Тут є { $count } такий допис, і він на це не відповідає: { $filters }.
    [few] Тут є { $count } такі дописи, і жоден на це не відповідає: { $filters }.
   *[other] Тут є { $count } таких дописів, і жоден на це не відповідає: { $filters }.
}
filters-no-phrase = Жоден допис не містить «{ $phrase }» дослівно, тому шукалося за словами.
filters-no-value = «{ $typed }» не можна прочитати як { $option }.
page-operators = Фільтри цього запитання
page-operator-remove = Прибрати: { $filter }
page-operator = Фільтрувати
page-operator-author = Автор
page-operator-after = Опубліковано від
page-operator-before = Опубліковано до
page-operator-in = Колекція
page-operators-more = У самому запитанні можна також писати:
