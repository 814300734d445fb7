"""Mutation testing of an area: small random faults in its functions, each of which some test must notice.

``python -m tests.mutation AREA --mutants 300 --seed 1``. ``areas`` says which modules are mutated and which
tests run, ``mutants`` makes the faults, ``runner`` runs the tests that reach a fault's lines in a fork.
"""
