"""
Where: analyses of an area: a city pack kept in the data folder, run on the register's outlets, its papers.

In: a pack, the register. Out: reports to read and to download. May import ``voices`` and below.
"""
