"""The daily digest: when it is due, what it holds, what is remembered of it, and its posting."""
