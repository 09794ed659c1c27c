"""Which vertices hang together."""

from __future__ import annotations

import numpy as np

from yike.core.network import _contract_kernels as kernels
from yike.core.tables import IntArray


def label_parts(n_vertices: int, from_idx: IntArray, to_idx: IntArray) -> IntArray:
    """
    Connected part of every vertex, parts numbered by their first vertex.

    Our own kernel, compiled for contraction anyway: SciPy's graph module takes 0.13 s to import, a tenth
    of a short run.

    Parameters
    ----------
    from_idx, to_idx : shape (n_pieces,)
        Ends of the pieces; direction does not matter.

    Returns
    -------
    shape (n_vertices,), int32
    """
    part, size = np.zeros(n_vertices, np.int32), np.zeros(n_vertices, np.int32)
    start, end = (np.ascontiguousarray(idx, dtype=np.int32) for idx in (from_idx, to_idx))
    kernels.label_components(start, end, np.zeros(len(start), np.int32), part, size)
    return part
