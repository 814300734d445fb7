"""What a server's admins decided, quotas, retention, feedback, and the data inventory of /privacy.

Nothing here sends a message or draws a view.
"""
