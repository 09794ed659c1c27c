"""
Who reaches what: the access kernel and the measures on top of it.

In: ``StreetGraph``, ``Attachments`` of places and outlets. Out: ``AccessTable``, ``WalkTimes``.
May import: ``core.network``, ``core.geo``, ``core.tables``, ``errors``.
"""
