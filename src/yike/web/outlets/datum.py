"""Which datum a list is in: guessed from outlets the register knows already, and then asked."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from yike.core.geo.datum import to_wgs84
from yike.core.geo.projection import LocalProjection
from yike.core.tables import FloatArray
from yike.sources.datum_guess import CANDIDATES, CAP_M, MIN_POINTS, DatumFit, is_clear_lead

SAMPLE = 2_000


def guess_datum(
    lon: Sequence[float], lat: Sequence[float], known_lon: FloatArray, known_lat: FloatArray
) -> str:
    """
    The datum in which the points of a list lie closest to outlets of the register.

    Parameters
    ----------
    lon, lat
        Degrees as written; NaN where there is none.
    known_lon, known_lat : shape (n,)
        WGS-84 points of the register in the same branch.

    Returns
    -------
    "" when there is too little to compare, or no clear lead over the next.
    """
    x, y = np.asarray(lon, np.float64), np.asarray(lat, np.float64)
    ok = np.flatnonzero(np.isfinite(x) & np.isfinite(y) & (np.abs(y) <= 90) & (np.abs(x) <= 180))
    if len(ok) < MIN_POINTS or len(known_lon) < MIN_POINTS:
        return ""
    from scipy.spatial import cKDTree  # late: only lists without a datum need it

    ok = ok[np.linspace(0, len(ok) - 1, min(SAMPLE, len(ok))).astype(np.int64)]
    projection = LocalProjection(float(np.median(known_lon)), float(np.median(known_lat)))
    tree = cKDTree(np.column_stack(projection.forward(known_lon, known_lat)))
    fits = []
    for datum in CANDIDATES:
        points = np.column_stack(projection.forward(*to_wgs84(x[ok], y[ok], datum)))
        distance_m, _ = tree.query(points, distance_upper_bound=CAP_M)
        square_m2 = np.minimum(distance_m, CAP_M) ** 2
        fits.append(DatumFit(datum, float(np.mean(distance_m <= CAP_M / 2)), square_m2))
    fits.sort(key=lambda f: (round(f.rms_m, 6), CANDIDATES.index(f.datum)))
    return fits[0].datum if is_clear_lead(fits[0], fits[1]) else ""
