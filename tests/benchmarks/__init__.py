"""How fast it is: each benchmark is a module to run, and prints its figures beside those of a peer."""
