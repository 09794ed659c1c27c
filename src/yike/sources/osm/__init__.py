"""
OpenStreetMap files: streets, outlets, buildings, areas, gates and walls out of one reading.

In: ``.osm.pbf`` (decoded in bulk), ``.osm``, ``.osm.gz``, ``.osm.bz2``. Out: ``WalkNetwork`` with
``OsmNotes``, or ``OsmExtract``. May import: standards, core. Example::

    network, notes = read_network("network.osm.pbf")
"""

from yike.sources.osm.network import OsmNotes, read_network

__all__ = ["OsmNotes", "read_network"]
