"""
Where to add: siting models on walking times, each answer with its bound.

In: ``Reach`` (who walks where in what time), weights, costs. Out: ``SitingPlan``. May import:
``core.access`` and below.

Example: ``solve(MaxCover(reach, weight, cutoff_s=600, k=3))``
"""
