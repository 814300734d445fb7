"""What people do with Bobbin in Discord: one family of commands a module, and what they share."""
