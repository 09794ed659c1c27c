"""
OpenStreetMap files: streets, outlets, buildings, areas, gates and the base map out of one reading.

In: ``.osm.pbf`` (decoded in bulk), ``.osm``, ``.osm.gz``, ``.osm.bz2``. Out: ``WalkNetwork`` with
``OsmNotes``, or ``OsmExtract``. May import: standards, core. Example::

    network, notes = read_network("network.osm.pbf")
"""

from yike.sources.osm.extract import OsmExtract
from yike.sources.osm.network import OsmNotes, read_network
from yike.sources.osm.outlets import outlets_table
from yike.sources.osm.read import read_osm

__all__ = ["OsmExtract", "OsmNotes", "outlets_table", "read_network", "read_osm"]
