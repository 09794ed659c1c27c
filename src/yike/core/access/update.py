"""
One outlet more or one less, without searching the city again.

A ``PlaceIndex`` and an ``OutletIndex`` are built once per city. ``open_outlet`` and ``close_outlet`` then give
an ``AccessChange``: the rows and columns of the ``AccessTable`` that differ, equal to the full run bit for
bit. ``apply_change`` makes a new table of it.
"""

from __future__ import annotations
