"""
The trace: who did what, before and after, from where; append-only and chained by hashes.

In: one call per action. Out: ``verify_chain`` finds an edited or missing row. May import ``accounts``.

Example: ``record(actor=account, action="outlet.close", target=outlet, before={}, after={})``
"""
