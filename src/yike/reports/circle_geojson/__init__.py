"""
``circles.geojson`` and ``isochrones.geojson``: areas as RFC 7946, for any map program.

In: ``ReportFacts``. Out: two GeoJSON files in WGS-84, the same bytes each time.
May import: ``standards``, ``core``, ``errors``, shapely.
"""
