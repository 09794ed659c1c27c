"""
Who works here: accounts, and duties – a role in a branch for a time.

In: names, passwords, 12-digit codes. Out: who may see which branch. May import ``ui`` and below.

Example: ``duties_of(account, today)``
"""
