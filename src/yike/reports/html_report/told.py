"""Which business types the data can tell about, so that nobody reads a missing list as a long walk."""

from __future__ import annotations

import numpy as np

from yike.core.tables import GapState
from yike.reports.facts import ReportFacts
from yike.reports.html_report.labels import all_labels

DOUBTED = ("data_missing", "not_surveyed")


def column_states(facts: ReportFacts) -> list[GapState]:
    """
    State of the data behind each access column: MET, DATA_MISSING or NOT_SURVEYED.

    As the study judged it; without its judgement, a pack without outlets is NOT_SURVEYED throughout.
    """
    judged = facts.extras.get("data_state")
    n = len(facts.access.type_rows)
    if judged is not None and len(judged) == n:
        return [GapState[str(word).upper()] if word in DOUBTED else GapState.MET for word in judged]
    return [GapState.MET if len(facts.outlets) else GapState.NOT_SURVEYED] * n


def untold_words(facts: ReportFacts) -> list[str]:
    """
    Word to show instead of minutes, per access column; empty where minutes mean something.

    Without a single known outlet of a doubted type every walk would read 走不到, which is not known.
    """
    names = all_labels()["state"]["names"]
    reached = np.isfinite(facts.access.nearest_s).sum(axis=0)
    return [
        "" if state == GapState.MET or reached[col] > 0 else names[state]
        for col, state in enumerate(column_states(facts))
    ]


def doubted_columns(facts: ReportFacts) -> list[bool]:
    """Columns with minutes to the few outlets known, of a type that the source hardly maps."""
    words = untold_words(facts)
    return [s != GapState.MET and not words[col] for col, s in enumerate(column_states(facts))]
