"""
``access.parquet``: walking times of every place to every business type.

In: ``ReportFacts`` (or the access table with ids). Out: one Parquet file, the same bytes each time.
May import: ``standards``, ``core``, ``errors``, pyarrow.
"""
