"""
Vector layers of a planning bureau: GeoJSON, GeoPackage and zipped Shapefile into WGS-84 geometries.

The file's own coordinate system is honoured (CGCS2000 Gauss-Kruger plane coordinates are the usual case). A
file in plain degrees says nothing of GCJ-02 or BD-09, whatever it states, so its datum has to be declared by
the pack. Polygons that cross themselves are repaired and named; shapes that are empty or not finite are
faults of their feature; nothing is dropped in silence: a feature without a usable shape keeps its row.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from yike.core.geo.datum import to_wgs84
from yike.core.tables import FloatArray, IntArray
from yike.errors import Fault
from yike.sources.datum_guess import settle_datum
from yike.sources.intake import ReadContext, fault
from yike.sources.pack_spec import FileSpec
from yike.sources.shapefile import text_encoding, zip_faults

if TYPE_CHECKING:
    import pyproj

Geometries = NDArray[np.object_]

SUFFIXES = (".geojson", ".json", ".gpkg", ".shp", ".shp.zip", ".zip")
_POLYGONS = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
_POINTS = (shapely.GeometryType.POINT, shapely.GeometryType.MULTIPOINT)
_WANTED = {"polygon": _POLYGONS, "point": _POINTS, "any": tuple(shapely.GeometryType)}


@dataclass(frozen=True, eq=False)
class Layer:
    """
    Features of one layer: shapes, attribute columns, and the feature's number as a person counts (from 1).

    ``geometry`` holds shapely shapes in degrees, None where a feature has no usable one. ``datum`` is
    "wgs84" when the file's coordinate system settles it, "" for plain degrees of an unsettled datum.
    """

    file: str
    name: str
    geometry: Geometries
    columns: dict[str, tuple[Any, ...]]
    row: IntArray
    datum: str

    def __len__(self) -> int:
        return len(self.geometry)


def is_layer(name: str) -> bool:
    """Whether a file name looks like a vector layer."""
    return name.casefold().endswith(SUFFIXES)


def load_layer(ctx: ReadContext, spec: FileSpec, section: str, want: str = "any") -> Layer | None:
    """
    Read the layer that a section of the pack names, in WGS-84, repaired.

    Parameters
    ----------
    ctx
        Takes the faults; its network settles or doubts the datum.
    spec
        File, declared datum and (as ``sheet``) the layer's name.
    section
        Section of ``pack.toml``, for the faults.
    want
        "polygon", "point" or "any"; other shapes are faults and become None.

    Returns
    -------
    The layer, or None when the file cannot be read.
    """
    path = ctx.path(spec.file, section)
    if path is None:
        return None
    layer, faults = read_layer(path, name=spec.sheet, file=spec.file, crs=spec.crs or None)
    ctx.faults.extend(faults)
    if layer is None:
        return None
    layer, faults = keep_kind(layer, want)
    ctx.faults.extend(faults)
    if not layer.datum:
        x, y = _corners(layer.geometry)
        layer = shift_datum(layer, settle_datum(ctx, section, spec.file, spec.datum, x, y))
    layer, faults = repair(layer)
    ctx.faults.extend(faults)
    return layer


def read_layer(
    path: Path, *, name: str = "", file: str = "", crs: str | None = None
) -> tuple[Layer | None, list[Fault]]:
    """
    Read one vector layer into degrees.

    Parameters
    ----------
    path
        ``.geojson``, ``.gpkg``, ``.shp`` or a zipped Shapefile.
    name
        Layer of a GeoPackage; may stay empty when only one has shapes.
    file
        Name to use in faults; the path's own name by default.
    crs
        Coordinate system to use instead of what the file says, "EPSG:4547".

    Returns
    -------
    The layer (None when nothing could be read) and all faults found.
    """
    file = file or path.name
    # Late, as PROJ below: together 0.1 s, and most packs bring tables.
    import pyogrio.raw
    from pyogrio.errors import DataLayerError, DataSourceError, FieldError, GeometryError

    if not is_layer(path.name):
        return None, [fault("layers.suffix", file=file, found=path.suffix, expected="、".join(SUFFIXES))]
    if faults := zip_faults(path, file):
        return None, faults
    try:
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            name, faults = _choose_layer(path, name, file)
            if faults:
                return None, faults
            meta, _, wkb, values = pyogrio.raw.read(
                path, layer=name or None, encoding=text_encoding(path), force_2d=True
            )
    except (
        DataSourceError,
        DataLayerError,
        FieldError,
        GeometryError,
        UnicodeDecodeError,
        ValueError,
    ) as err:
        return None, [fault("layers.unreadable", file=file, found=_said(err, path))]
    faults = [
        fault("layers.said", file=file, found=str(w.message)[:200], level="note")
        for w in said
        if issubclass(w.category, RuntimeWarning)
    ]
    shapes, more = _shapes(wkb, file)
    columns = {str(k): _plain(v) for k, v in zip(meta["fields"], values, strict=True)}
    row = np.arange(1, len(shapes) + 1, dtype=np.int32)
    layer = Layer(file, name or path.stem, shapes, columns, row, "")
    if crs:
        more += _contradicts(layer, crs, meta["crs"])
    layer, crs_faults = _to_degrees(layer, crs or meta["crs"])
    more += crs_faults
    return (None if any(f.code.startswith(_UNUSABLE) for f in more) else layer), faults + more


def _said(err: Exception, path: Path) -> str:
    """What the reading library said, without the folder, and in Chinese where it is the usual complaint."""
    text = str(err).replace(str(path), path.name)
    return "不是能识别的图层格式" if "not recognized as" in text else text[:200]


def keep_kind(layer: Layer, want: str) -> tuple[Layer, list[Fault]]:
    """Set shapes of another kind than "polygon" or "point" to None, each with its fault."""
    kind = shapely.get_type_id(layer.geometry)
    bad = np.flatnonzero((kind >= 0) & ~np.isin(kind, [int(t) for t in _WANTED[want]]))
    if not len(bad):
        return layer, []
    shapes = layer.geometry.copy()
    faults = [
        fault(
            "layers.geometry.kind",
            file=layer.file,
            row=int(layer.row[i]),
            found=shapes[i].geom_type,
            expected="面" if want == "polygon" else "点",
        )
        for i in bad
    ]
    shapes[bad] = None
    return replace(layer, geometry=shapes), faults


def shift_datum(layer: Layer, datum: str) -> Layer:
    """Bring a layer of plain degrees from its datum to WGS-84."""
    if datum in ("wgs84", "cgcs2000"):
        return replace(layer, datum="wgs84")
    moved = shapely.transform(
        layer.geometry, lambda xy: np.column_stack(to_wgs84(xy[:, 0], xy[:, 1], datum)), include_z=False
    )
    return replace(layer, geometry=moved, datum="wgs84")


def repair(layer: Layer) -> tuple[Layer, list[Fault]]:
    """
    Make crossing polygons valid, each with a warning that says how much its area changed.

    A polygon of which nothing remains is an error and becomes None.
    """
    is_area = np.isin(shapely.get_type_id(layer.geometry), [int(t) for t in _POLYGONS])
    bad = np.flatnonzero(is_area & ~shapely.is_valid(layer.geometry))
    shapes, faults = layer.geometry.copy(), []
    for i in bad:
        why = shapely.is_valid_reason(shapes[i]).split("[")[0].strip()
        fixed = _polygon_part(shapely.make_valid(shapes[i]))
        if fixed is None:
            faults.append(fault("layers.geometry.broken", file=layer.file, row=int(layer.row[i]), found=why))
        else:
            faults.append(
                fault(
                    "layers.geometry.repaired",
                    level="warning",
                    file=layer.file,
                    row=int(layer.row[i]),
                    found=_REASONS.get(why, why),
                    change=f"{abs(fixed.area - shapes[i].area) / max(fixed.area, 1e-300):.1%}",
                )
            )
        shapes[i] = fixed
    return replace(layer, geometry=shapes), faults


_PLAIN_DEGREES = (4326, 4490, 4979, 4480, None)
"""WGS 84 and CGCS2000 in degrees: what GCJ-02 files are labelled too."""

_REASONS = {
    "Self-intersection": "边界自相交",
    "Ring Self-intersection": "边界自相接",
    "Hole lies outside shell": "孔洞在外边界之外",
    "Nested shells": "外边界相互嵌套",
    "Too few points in geometry component": "边界点太少",
    "Duplicate Rings": "边界重复",
    "Interior is disconnected": "内部不连通",
}


def _polygon_part(shape: Any) -> Any:
    """What of a repaired shape has area; lines and points that the repair left over are dropped."""
    parts = [p for p in shapely.get_parts(shape) if p.geom_type in ("Polygon", "MultiPolygon")]
    joined = shapely.union_all(parts) if parts else None
    return None if joined is None or joined.is_empty else joined


def _corners(shapes: Geometries) -> tuple[FloatArray, FloatArray]:
    xy = shapely.get_coordinates(shapes)
    return xy[:, 0].copy(), xy[:, 1].copy()


def _choose_layer(path: Path, name: str, file: str) -> tuple[str, list[Fault]]:
    import pyogrio

    listed = [(str(n), k) for n, k in pyogrio.list_layers(path)]
    with_shapes = [n for n, kind in listed if kind is not None]
    named = "、".join(n for n, _ in listed)
    if name and name not in (n for n, _ in listed):
        return "", [fault("layers.layer_missing", file=file, found=name, expected=named)]
    if not name and not with_shapes:
        return "", [fault("layers.no_shapes", file=file, found=named)]
    if not name and len(with_shapes) > 1:
        return "", [fault("layers.several", file=file, found=named, section="")]
    return name or with_shapes[0], []


def _shapes(wkb: Any, file: str) -> tuple[Geometries, list[Fault]]:
    if wkb is None:
        return np.empty(0, dtype=object), [fault("layers.no_shapes", file=file, found="")]
    shapes: Geometries = np.asarray(shapely.from_wkb(wkb, on_invalid="ignore"), dtype=object)
    if not len(shapes):
        return shapes, [fault("layers.empty", file=file)]
    faults = []
    was_given = np.array([w is not None for w in wkb])
    for i in np.flatnonzero(shapely.is_missing(shapes) | shapely.is_empty(shapes)):
        code = "layers.geometry.broken" if was_given[i] and shapes[i] is None else "layers.geometry.empty"
        faults.append(fault(code, file=file, row=int(i) + 1, found="无法解析" if "broken" in code else ""))
        shapes[i] = None
    for i in np.flatnonzero(~_all_finite(shapes)):
        faults.append(fault("layers.geometry.not_finite", file=file, row=int(i) + 1))
        shapes[i] = None
    return shapes, faults


def _all_finite(shapes: Geometries) -> NDArray[np.bool_]:
    xy, owner = shapely.get_coordinates(shapes, return_index=True)
    good = np.ones(len(shapes), dtype=np.bool_)
    good[owner[~np.isfinite(xy).all(axis=1)]] = False
    return good


_UNUSABLE = ("layers.crs.missing", "layers.crs.unknown", "layers.crs.degrees", "layers.swapped")
"""Faults of a layer whose positions mean nothing."""


def _contradicts(layer: Layer, declared: str, own: str | None) -> list[Fault]:
    """A declared coordinate system against the numbers, and against what the file says itself."""
    system = parse_crs(declared)
    if system is None:
        return []  # told by _to_degrees
    x, y = _corners(layer.geometry)
    if system.is_projected and len(x) and (np.abs(x) <= 180).all() and (np.abs(y) <= 90).all():
        found = f"{x.min():.6g}…{x.max():.6g}, {y.min():.6g}…{y.max():.6g}"
        return [fault("layers.crs.degrees", file=layer.file, found=found, expected=declared)]
    stated = parse_crs(own) if own else None
    if stated is not None and stated.is_projected and not stated.equals(system, ignore_axis_order=True):
        found = stated.name
        return [fault("layers.crs.differs", file=layer.file, found=found, expected=declared, level="warning")]
    return []


def parse_crs(text: str) -> pyproj.CRS | None:
    """A coordinate system by name, None when nobody knows it."""
    import pyproj

    try:
        return pyproj.CRS.from_user_input(text)
    except pyproj.exceptions.CRSError:
        return None


def _to_degrees(layer: Layer, crs: str | None) -> tuple[Layer, list[Fault]]:
    """Degrees by the file's own coordinate system; faults when they cannot be degrees."""
    system = parse_crs(crs) if crs else None
    if crs and system is None:
        return layer, [fault("layers.crs.unknown", file=layer.file, found=str(crs)[:80])]
    if system is not None and not (system.is_geographic and system.to_epsg() in _PLAIN_DEGREES):
        layer = _project(layer, system)
    return layer, _degree_faults(layer)


def _project(layer: Layer, system: Any) -> Layer:
    import pyproj

    to_degrees = pyproj.Transformer.from_crs(system, "EPSG:4326", always_xy=True)
    moved = shapely.transform(
        layer.geometry, lambda xy: np.column_stack(to_degrees.transform(xy[:, 0], xy[:, 1])), include_z=False
    )
    return replace(layer, geometry=moved, datum="wgs84")


def _degree_faults(layer: Layer) -> list[Fault]:
    x, y = _corners(layer.geometry)
    if not len(x) or ((np.abs(x) <= 180).all() and (np.abs(y) <= 90).all()):
        return []
    found = f"{x.min():.6g}…{x.max():.6g}, {y.min():.6g}…{y.max():.6g}"
    is_swapped = (np.abs(x) <= 90).all() and (np.abs(y) <= 180).all()
    code = "layers.swapped" if is_swapped else "layers.crs.missing"
    return [fault(code, file=layer.file, found=found)]


def _plain(values: Any) -> tuple[Any, ...]:
    """Column as str, int, float or None: blank text and NaN are None, dates are ISO text."""
    plain = []
    for value in values.tolist() if values.dtype.kind != "M" else values.astype("datetime64[s]").astype(str):
        if isinstance(value, np.ndarray | list):
            value = "、".join(str(v) for v in value)
        is_blank = value is None or value != value or value in ("", "NaT")
        plain.append(None if is_blank else value)
    return tuple(plain)
