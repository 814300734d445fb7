"""The commands of the terminal, and how their answers look there.

Nothing else imports this package; the JSON that scripts rely on is in `json_output`.
"""
