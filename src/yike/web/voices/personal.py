"""
Needs and answers in the inventory of personal data.

Neither knows who spoke: what looks like a number is taken out when it is written (``speech.py``), so that
nothing can be found by a person, and nothing has to be erased for one.
"""

from __future__ import annotations

from yike.web.personal.holdings import Holding, holds

holds(Holding("answers"))
holds(Holding("needs"))
