"""What Bobbin keeps of whom: declared table by table, told in one text, and forgotten on request."""
