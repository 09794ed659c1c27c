"""Opens whatever holds streets: an OSM file, a line layer, tables of nodes and edges."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from yike.core.tables import WalkNetwork
from yike.errors import Fault, UnreadableFileError
from yike.sources.edges import read_edges
from yike.sources.layers import is_layer
from yike.sources.lines import read_lines
from yike.sources.osm.convert import SUFFIXES, is_osm_file
from yike.sources.osm.network import read_network


@dataclass(frozen=True)
class NetworkOptions:
    """How to read the file; each kind of file looks only at its own."""

    nodes: Path | None = None  # node table of an edge table
    datum: str | None = None
    crs: str | None = None
    snap_m: float = 0.5
    split: bool = True
    walls: bool = False
    gates: bool = False


def open_network(path: Path, options: NetworkOptions | None = None) -> tuple[WalkNetwork, list[Fault]]:
    """
    Read a network file by its suffix.

    Parameters
    ----------
    path
        ``.osm.pbf`` and other OSM files, ``.geojson``, ``.gpkg``, ``.shp.zip``, or ``edges.csv``.
    options
        How to read it.

    Raises
    ------
    UnreadableFileError
        The file is missing, of no kind we know, or damaged.
    EmptyNetworkError
        Nothing in it can be walked.
    """
    path, o = Path(path), options or NetworkOptions()
    if not path.is_file():
        raise UnreadableFileError("osm.file.missing", file=str(path))
    if is_osm_file(path.name):
        network, notes = read_network(path, walls=o.walls, gates=o.gates)
        return network, list(notes.faults)
    if path.name.lower().endswith((".csv", ".csv.gz")):
        return read_edges(o.nodes, path, o.datum, crs=o.crs)
    if is_layer(path.name):
        return read_lines(path, o.datum, crs=o.crs, snap_m=o.snap_m, split=o.split)
    expected = " ".join((*SUFFIXES, ".geojson", ".gpkg", ".shp.zip", ".csv"))
    raise UnreadableFileError("osm.file.suffix", file=path.name, expected=expected)
