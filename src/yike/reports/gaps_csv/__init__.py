"""
``gaps.csv``: the ranked list of gaps, for spreadsheets.

In: ``ReportFacts``. Out: one CSV file in UTF-8 with a byte-order mark, the same bytes each time.
May import: ``standards``, ``core``, ``errors``.
"""
