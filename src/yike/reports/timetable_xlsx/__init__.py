"""
The weekly timetable as a workbook to print and pass on: 总表, 按点位, 按服务者, 覆盖情况, 说明.

In: ``TimetableFacts``. Out: one xlsx, A4 landscape. ``week.py`` and ``coverage.py`` lay the rows
out, ``page.py`` is what the sheets share.
"""
