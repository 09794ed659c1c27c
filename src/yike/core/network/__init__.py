"""
The walking network: build, profile, contract, attach, search, isochrones.

In: street pieces and points. Out: ``WalkNetwork``, ``StreetGraph``, ``Attachments``, polygons.
May import: ``core.geo``, ``core.tables``, ``errors``.
"""
