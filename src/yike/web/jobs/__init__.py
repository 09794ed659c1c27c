"""
Long work: a table of jobs, workers that claim them, progress, cancel, log and result.

In: a kind and its arguments. Out: a row that moves from queued to done, failed or cancelled; a job whose
worker died runs again. May import ``audit`` and below.

Example: ``enqueue("outlets.import", {"batch": 7}, who=who, now=now)``
"""
