"""
Where: pages for everybody: the first page, frozen forms opened by code.

In: the register's public fields. Out: pages without a sign-in. May import every app below.
"""
