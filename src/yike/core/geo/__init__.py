"""
Where things are: local metres, national datums, grids.

In: degrees (WGS-84, CGCS2000, GCJ-02, BD-09). Out: WGS-84 degrees and local metres.
May import: ``core.tables``, ``errors``. Example: ``LocalProjection(116.3, 39.9).forward(lon, lat)``.
"""
