"""Population grids: tables of cells, polygons and rasters."""

import numpy as np
import pytest
import rasterio

from reading import LAT, LON, codes_of, reading_in, square, write_geojson
from yike.sources.pack_spec import PlacesSpec
from yike.sources.places import read_places
from yike.sources.population import read_grid

CELL_DEG = 0.01


def write_raster(
    path, people, *, west=LON - 0.02, north=LAT + 0.02, crs="EPSG:4326", nodata=-1.0, cell=CELL_DEG
):
    people = np.asarray(people, np.float32)
    with rasterio.open(
        path, "w", driver="GTiff", width=people.shape[1], height=people.shape[0], count=1, dtype="float32",
        crs=crs, transform=rasterio.Affine(cell, 0, west, 0, -cell, north), nodata=nodata,
    ) as raster:  # fmt: skip
        raster.write(people, 1)


def grid_in(folder, file, **settings):
    spec = PlacesSpec(file=file, kind="grid", **settings)
    ctx = reading_in(folder, places=spec)
    return read_grid(spec, ctx), ctx


def test_read_grid_takes_cells_of_a_table(tmp_path):
    (tmp_path / "cells.csv").write_text(
        f"id,lon,lat,population\nx,{LON},{LAT},12\ny,{LON},{LAT},0\n", "utf-8"
    )

    places, ctx = grid_in(tmp_path, "cells.csv", datum="wgs84")

    assert places.place_id == ("x", "y")
    assert places.people.tolist() == [12, 0]
    assert places.people_method == "grid"
    assert not places.is_estimated.any()
    assert codes_of(ctx) == []
    places.validate()


def test_read_grid_takes_polygons_with_a_population_column(tmp_path):
    write_geojson(tmp_path / "g.geojson", [("Polygon", square(LON, LAT, 0.01), {"cell": 1, "pop": 33})])

    places, _ = grid_in(tmp_path, "g.geojson", datum="wgs84")

    assert places.people.tolist() == [33]
    assert LON < places.lon[0] < LON + 0.01


def test_read_grid_needs_a_population_column(tmp_path):
    (tmp_path / "cells.csv").write_text(f"id,lon,lat,schools\nx,{LON},{LAT},12\n", "utf-8")

    places, ctx = grid_in(tmp_path, "cells.csv", datum="wgs84")

    assert len(places) == 0
    assert codes_of(ctx, "error") == ["places.grid.column_missing"]
    assert "schools" in ctx.faults[0].message


def test_read_grid_reads_raster_cells_at_their_centres(tmp_path):
    write_raster(tmp_path / "pop.tif", [[10, -1], [0, 2.5]])

    places, ctx = grid_in(tmp_path, "pop.tif")

    # Rows from the north: (10) at the upper left, (2.5) at the lower right; nodata and 0 hold nobody.
    assert places.place_id == ("r0c0", "r1c1")
    assert places.people.tolist() == [10, 2.5]
    assert places.lon == pytest.approx([LON - 0.015, LON - 0.005])
    assert places.lat == pytest.approx([LAT + 0.015, LAT + 0.005])
    assert codes_of(ctx) == ["places.grid.clipped"]


def test_read_grid_clips_a_large_raster_to_the_streets_and_keeps_cell_names(tmp_path):
    everyone = np.ones((200, 200))
    write_raster(tmp_path / "pop.tif", everyone, west=LON - 1, north=LAT + 1)

    places, _ = grid_in(tmp_path, "pop.tif")

    # Streets span 0.04°; 1.5 km are 0.0135° of latitude and 0.0176° of longitude here.
    assert places.lon.min() > LON - 0.02 - 0.0176 - CELL_DEG
    assert places.lat.max() < LAT + 0.02 + 0.0135 + CELL_DEG
    assert places.place_id[0] == "r96c96"
    assert 6 * 6 <= len(places) <= 9 * 9


def test_read_grid_reads_rasters_in_metres(tmp_path):
    # UTM zone 50N has its meridian at 117° E: 500 km east is on it; streets are drawn around that point.
    write_raster(tmp_path / "pop.tif", [[7.0]], west=499_500, north=4_428_500, crs="EPSG:32650", cell=1_000)
    spec = PlacesSpec(file="pop.tif", kind="grid")
    ctx = reading_in(tmp_path, at=(117.0, 40.0), places=spec)

    places = read_grid(spec, ctx)

    assert places.people.tolist() == [7]
    assert places.lon[0] == pytest.approx(117.0, abs=1e-6)
    assert places.lat[0] == pytest.approx(40.0, abs=0.01)


@pytest.mark.parametrize(
    ("people", "settings", "code"),
    [
        ([[-5.0, 3.0]], {}, "places.grid.negative"),
        ([[0.2, 0.3]], {}, "places.grid.density"),
        ([[0.0, 0.0]], {}, "places.grid.empty"),
        ([[3.0]], {"band": 2}, "places.grid.band_missing"),
    ],
)
def test_read_grid_doubts_odd_rasters(tmp_path, people, settings, code):
    write_raster(tmp_path / "pop.tif", people)

    _, ctx = grid_in(tmp_path, "pop.tif", **settings)

    assert code in codes_of(ctx)


def test_read_grid_tells_rasters_without_system_or_sense_or_overlap(tmp_path):
    write_raster(tmp_path / "away.tif", [[3.0]], west=10.0, north=10.0)
    (tmp_path / "bad.tif").write_bytes(b"II*\x00" + b"\xff" * 100)

    _, away = grid_in(tmp_path, "away.tif")
    _, bad = grid_in(tmp_path, "bad.tif")

    assert codes_of(away) == ["places.grid.empty"]
    assert "places.grid.unreadable" in codes_of(bad, "error")


@pytest.mark.real
def test_hexagons_of_sao_paulo_hold_the_stated_people(shared_data, tmp_path):
    file = "hexgrid_population.csv"
    (tmp_path / file).write_bytes((shared_data / "sao-paulo-center" / file).read_bytes())
    spec = PlacesSpec(file=file, kind="grid", datum="wgs84")
    ctx = reading_in(tmp_path, at=(-46.635, -23.547), places=spec)

    places = read_places(spec, ctx)

    assert len(places) == 323
    assert places.people.sum() == 517_570
    assert codes_of(ctx, "error") == []
