# The panel of a server's settings.

settings-title = Settings of { $server }
settings-saved = ✓ Saved. { $sentence }
settings-needs-manager = Only people with the permission “Manage Server” may do this.
settings-servers-only = This works in a server only.

settings-who = Who may ask
settings-channels-all = I may be asked in every channel.
settings-channels-some = I may be asked in { $places } only.
settings-channels-choose = Channels where I may be asked (none chosen: all)
settings-roles-all = Everybody may ask.
settings-roles-some = Only people with one of these roles may ask: { $places }; and people who manage the server.
settings-roles-choose = Roles that may ask (none chosen: everybody)

settings-answers = Answers
settings-mentions-on = Mentions and replies are answered.
settings-mentions-off = Mentions and replies are not answered, only commands.
settings-mentions-switch-on = Answer mentions
settings-mentions-switch-off = Do not answer mentions
settings-private-on = Answers to commands are shown to their asker alone, unless they say otherwise.
settings-private-off = Answers to commands are shown to all, unless their asker says otherwise.
settings-private-switch-on = Private by default
settings-private-switch-off = Public by default
settings-react-on = Messages that ask nothing, like “thanks!”, get a 👍, where I have the permission Add Reactions.
settings-react-off = Messages that ask nothing, like “thanks!”, get nothing.
settings-react-switch-on = React to thanks
settings-react-switch-off = Do not react to thanks
settings-quotes = { $count ->
    [one] An answer shows { $count } quote at first.
   *[other] An answer shows { $count } quotes at first.
}
settings-quotes-choose = Quotes per answer
settings-quotes-option = { $count ->
    [one] { $count } quote
   *[other] { $count } quotes
}

settings-archive = This server's own threads
settings-language-auto = Their language is found out from the files.
settings-language-is = Their language is { $language }.
settings-language-choose = Language of this server's own threads
settings-language-option-auto = Find it out from the files
settings-language-option-other = Another language…
settings-language-field = Language, by its name or code
settings-language-unknown = I know no language called “{ $name }”. Write its name or its code, such as el for Greek.
settings-unanswered-on = The words of questions that find nothing are kept for { $days } days, without who asked: `/archive unanswered` shows them.
settings-unanswered-off = The words of questions that find nothing are not kept.
settings-unanswered-switch-on = Keep unanswered words
settings-unanswered-switch-off = Do not keep unanswered words

settings-quotas = Quotas
settings-person-none = A person may ask as often as they like.
settings-person-some = A person may ask { $rate }.
settings-server-none = The server as a whole has no quota.
settings-server-some = The server as a whole may ask { $rate }.
settings-rate-minute = { $count ->
    [one] { $count } question a minute
   *[other] { $count } questions a minute
}
settings-rate-hour = { $count ->
    [one] { $count } question an hour
   *[other] { $count } questions an hour
}
settings-rate-day = { $count ->
    [one] { $count } question a day
   *[other] { $count } questions a day
}
settings-exempt-none = No role is exempt from quotas.
settings-exempt-some = Exempt from quotas: { $places }.
settings-exempt-choose = Roles that no quota holds for
settings-quotas-change = Change quotas…
settings-quotas-person = Questions a person may ask
settings-quotas-server = Questions the server may ask
settings-quotas-period = within
settings-quotas-hint = Empty: no quota
settings-quotas-wrong = A quota is a whole number from 1 to { $most }, or empty for none. Nothing was changed.
settings-period-minute = a minute
settings-period-hour = an hour
settings-period-day = a day
