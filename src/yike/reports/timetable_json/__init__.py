"""
The weekly timetable as JSON for other programs; every key is in ``docs/reference/timetable-json.md``.

In: ``TimetableFacts``. Out: ``timetable.json``. Unknown numbers are null; telephones are not told.
"""
