"""Random small networks for properties: loops, parallel pieces, rings, islands, zero lengths, steps."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from yike.core.network.build import make_network
from yike.core.network.profile import WalkProfile
from yike.core.tables import PieceFlag, WalkNetwork

ADULT = WalkProfile("adult", "成人", 1.25)
WHEELCHAIR = WalkProfile("wheelchair", "轮椅", 0.8, avoid_steps=True)
SLOW_ON_STEPS = WalkProfile("steps", "慢上台阶", 1.0, steps_factor=2.5, uses_private=True)
PROFILES = (ADULT, WHEELCHAIR, SLOW_ON_STEPS)


@st.composite
def networks(draw: st.DrawFn, max_vertices: int = 14, max_pieces: int = 20) -> WalkNetwork:
    n = draw(st.integers(1, max_vertices))
    coordinate = st.integers(-300, 300).map(float)
    x = np.array(draw(st.lists(coordinate, min_size=n, max_size=n)))
    y = np.array(draw(st.lists(coordinate, min_size=n, max_size=n)))
    vertex = st.integers(0, n - 1)
    length = st.one_of(st.none(), st.just(0.0), st.floats(0.0, 900.0, allow_nan=False))
    kind = st.sampled_from([0, 0, 0, 0, int(PieceFlag.STEPS), int(PieceFlag.PRIVATE)])
    pieces = draw(st.lists(st.tuples(vertex, vertex, length, kind), min_size=1, max_size=max_pieces))
    a, b = (np.array([p[k] for p in pieces], dtype=np.int32) for k in (0, 1))
    straight = np.hypot(x[a] - x[b], y[a] - y[b])
    length_m = np.array([straight[i] if p[2] is None else p[2] for i, p in enumerate(pieces)])
    flags = np.array([p[3] for p in pieces], dtype=np.uint8)
    return make_network(
        np.arange(n) + 100, None, None, a, b, length_m, flags, origin=(116.3, 39.9), x_m=x, y_m=y
    )


def street_grid(
    n: int, inner: int, seed: int = 0, *, keep: float = 0.75, block_m: float = 100.0
) -> WalkNetwork:
    """A jittered grid of ``n`` x ``n`` crossings, some streets missing, each bent at ``inner`` vertices."""
    rng = np.random.default_rng(seed)
    gx, gy = np.meshgrid(np.arange(n) * block_m, np.arange(n) * block_m)
    gx = gx.ravel() + rng.normal(0, block_m * 0.15, n * n)
    gy = gy.ravel() + rng.normal(0, block_m * 0.15, n * n)
    node = np.arange(n * n).reshape(n, n)
    a = np.concatenate((node[:, :-1].ravel(), node[:-1].ravel()))
    b = np.concatenate((node[:, 1:].ravel(), node[1:].ravel()))
    kept = rng.random(len(a)) < keep
    a, b = a[kept], b[kept]
    t = np.arange(1, inner + 1) / (inner + 1)
    ix = gx[a][:, None] * (1 - t) + gx[b][:, None] * t + rng.normal(0, 3, (len(a), inner))
    iy = gy[a][:, None] * (1 - t) + gy[b][:, None] * t + rng.normal(0, 3, (len(a), inner))
    chain = np.column_stack((a, n * n + np.arange(len(a) * inner).reshape(len(a), inner), b))
    x, y = np.concatenate((gx, ix.ravel())), np.concatenate((gy, iy.ravel()))
    start, end = chain[:, :-1].ravel(), chain[:, 1:].ravel()
    length_m = np.hypot(x[start] - x[end], y[start] - y[end])
    return make_network(
        np.arange(len(x)), None, None, start, end, length_m, origin=(116.3, 39.9), x_m=x, y_m=y
    )
