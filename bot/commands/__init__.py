"""Slash commands and message menus, one module each, and the message handler.

What they share is in `interactions`, which knows no command; what they show is made in `views`.
"""
