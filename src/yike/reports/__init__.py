"""
Writers: one folder per document (build, labels, template).

In: ``ReportFacts``. Out: parquet, csv, json, GeoJSON, xlsx, docx, html files, the same bytes each time.
May import: ``standards``, ``core``, ``errors``.
"""
