"""What commands and messages share: services, access, responses, errors, locale, buttons, follow-ups.

No command is known here; Discord's components are made in `views`.
"""
