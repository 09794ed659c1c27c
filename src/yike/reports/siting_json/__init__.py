"""
``siting.json``: recommended sites and coverage curves of a run, for programs.

In: ``ReportFacts`` whose extras hold "siting". Out: one JSON file, the same bytes twice.
"""
