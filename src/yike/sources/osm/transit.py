"""Stops of public transport in an OSM file: bus and tram stops, stations and their entrances."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from yike.core.tables import FloatArray
from yike.sources.osm.convert import read_objects
from yike.sources.osm.objects import Wanted

STOPS = {
    "highway": frozenset({"bus_stop"}),
    "railway": frozenset({"station", "halt", "tram_stop", "subway_entrance"}),
    "public_transport": frozenset({"station"}),
}
"""Values of nodes that are stops; platforms and stop positions repeat them and are left out."""


def read_transit(path: Path) -> tuple[FloatArray, FloatArray]:
    """
    Longitude and latitude of every stop, in the file's order of node ids.

    Raises
    ------
    UnreadableFileError
        The file cannot be read.
    """
    objects = read_objects(path, Wanted(node=frozenset(STOPS)))
    is_stop = np.zeros(objects.n_nodes, np.bool_)
    for key, values in STOPS.items():
        is_stop |= objects.node_tags.is_in(key, values)
    return objects.node_lon[is_stop], objects.node_lat[is_stop]
