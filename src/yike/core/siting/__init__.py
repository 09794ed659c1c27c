"""
Where to add: reserved for the siting models (``SitingPlan``).

May import: ``core.access`` and below.
"""
