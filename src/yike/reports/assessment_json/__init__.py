"""
``assessment.json``: every value of the assessment with its clause, rows, date and what would change it.

In: ``ReportFacts``. Out: one JSON file, keys in a fixed order, the same bytes each time.
May import: ``standards``, ``core``, ``errors``.
"""
