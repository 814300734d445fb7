"""The inbox: a folder whose files are imported while Bobbin runs. What to import is decided apart."""
