"""
The demonstration's data: three areas, their register, analyses, needs, answers and returns in mixed states.

In: the engine's demo runs, ``data/*.toml``. Out: a data folder to serve. Everything invented says so.

Example: ``load_demo(folder, now=now, progress=silent)``
"""
