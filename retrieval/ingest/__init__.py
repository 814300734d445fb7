"""A file, folder or zip to readings, in a process of its own: containers, expansion, sandbox, worker.

What a form means is known in `readers`; what is kept of a reading is decided in `storage`.
"""
