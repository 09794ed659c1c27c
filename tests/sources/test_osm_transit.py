"""Stops of public transport in OSM files."""

import osmium
import pytest

from yike.sources.osm.transit import read_transit

OSM = """<?xml version="1.0"?>
<osm version="0.6">
 <node id="1" lat="39.90" lon="116.30"><tag k="highway" v="bus_stop"/></node>
 <node id="2" lat="39.91" lon="116.31"><tag k="highway" v="crossing"/></node>
 <node id="3" lat="39.92" lon="116.32"><tag k="railway" v="subway_entrance"/></node>
 <node id="4" lat="39.93" lon="116.33"><tag k="public_transport" v="platform"/></node>
 <node id="5" lat="39.94" lon="116.34"><tag k="railway" v="station"/>
   <tag k="public_transport" v="station"/></node>
</osm>
"""


def test_stops_and_stations_are_read_once_and_nothing_else(tmp_path):
    path = tmp_path / "stops.osm"
    path.write_text(OSM, "utf-8")
    lon, lat = read_transit(path)

    assert lon.tolist() == pytest.approx([116.30, 116.32, 116.34])
    assert lat.tolist() == pytest.approx([39.90, 39.92, 39.94])


def test_stops_of_the_bundled_district_are_those_that_osmium_reads(helsinki_pack):
    path = next(helsinki_pack.glob("*.pbf"))
    wanted = {
        "highway": {"bus_stop"}, "railway": {"station", "halt", "tram_stop", "subway_entrance"},
        "public_transport": {"station"},
    }  # fmt: skip
    seen = [
        node.id
        for node in osmium.FileProcessor(str(path), osmium.osm.NODE)
        if any(node.tags.get(key) in values for key, values in wanted.items())
    ]

    assert len(read_transit(path)[0]) == len(seen) > 20
