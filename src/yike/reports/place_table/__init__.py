"""
Tables about places – the k nearest outlets, access measures – for spreadsheets and for programs.

In: columns. Out: one CSV file (UTF-8 with a byte-order mark) or one Parquet file, the same bytes each time.
May import: ``standards``, ``core``, ``errors``.
"""
