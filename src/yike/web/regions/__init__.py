"""
Where: the tree of areas from province to community, and the living circles with their states.

In: 12-digit statistical codes, names with dates. Out: branches, circles, who belongs where on a day. May
import ``jobs`` and below.

Example: ``areas_visible_to(account, today)``
"""
