"""
From access to assessment: coverage, measures, grades, gaps, walking-time delineation.

In: ``AccessTable``, ``Places``, ``Outlets``, ``Circles``. Out: ``Coverage``, ``Assessment``, ``Gaps``.
May import: ``core.access`` and below. Policy comes in as plain numbers, never from files.
"""
