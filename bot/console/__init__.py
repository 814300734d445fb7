"""The commands of the terminal, and how their answers look there."""
