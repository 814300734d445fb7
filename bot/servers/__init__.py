"""What the admins of a server decided, what is measured against it, and when a server is forgotten."""
