"""
The weekly timetable as calendar files: one per vendor, one per stop, to subscribe to or to open on a phone.

In: ``TimetableFacts``. Out: ``vendor-<id>.ics`` and ``stop-<id>.ics`` with weekly events in Asia/Shanghai.
"""
