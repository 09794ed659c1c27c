"""Shares of residents by area for any yes/no of places: one weighting for all measures."""

from __future__ import annotations

import numpy as np

from yike.core.circle.coverage import Weigh, weight_kinds
from yike.core.tables import BoolArray, FloatArray, IntArray, Places


class AreaShares:
    """Share of the attached residents of each area; places count alike where no people are known."""

    def __init__(self, places: Places, is_attached: BoolArray, area_idx: IntArray, n_areas: int) -> None:
        self.n_areas = n_areas
        self.kind = weight_kinds(places.people, area_idx, n_areas)
        self._weigh = Weigh(places.people, is_attached, area_idx, self.kind)
        self.attached = self._weigh.total(is_attached[:, None])[:, 0]

    def of(self, which: BoolArray) -> FloatArray:
        """
        Share by column.

        Parameters
        ----------
        which : shape (n_places, n_columns)

        Returns
        -------
        shape (n_areas, n_columns); NaN where nobody attached is known
        """
        part = self._weigh.total(which)
        out = np.full(part.shape, np.nan)
        np.divide(part, self.attached[:, None], out=out, where=self.attached[:, None] > 0)
        return out
