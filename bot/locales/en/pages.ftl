# What pages in a browser say.

page-skip = Skip to the content
page-nav = Pages
page-threads = Threads
page-authors = Authors
page-trend = Trend
page-home = To the first page
page-question = Question
page-question-hint = What do you want to know?
page-ask = Ask
page-footer = Bobbin quotes posts word for word and makes nothing up.
page-feed = Feed of new threads
page-feed-title = New threads
page-front-title = Ask the archive

page-error-reference = Reference for the operator: { $reference }
page-error-wrong-title = That cannot be asked
page-error-wrong = The address is not one that Bobbin understands.
page-error-not-found-title = Nothing here
page-error-not-found = There is no such page, or its address has expired.
page-error-method-title = Pages can only be read
page-error-method = This address takes no changes.
page-error-long-title = A very long question
page-error-long = A question may have up to 1,000 characters. Two or three telling words often find more.
page-error-often-title = Too many requests
page-error-often = A little slower, please: try again in a moment.
page-error-busy-title = Busy
page-error-busy = Bobbin cannot answer this very moment. Try again in a few seconds.
page-error-other-title = Something went wrong
page-error-other = It has been written down; please try again in a moment.
