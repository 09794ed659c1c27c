"""
Where: units that lead, help and answer, with every name they had; work teams with their members over time.

In: people's entries, the units that task tables name. Out: lists, rosters to print, who was a member
on a day. May import ``regions`` and below.
"""
