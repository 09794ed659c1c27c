"""Filters: ``{% load regions %}``."""

from __future__ import annotations

from django import template

from yike.web.regions.rules import LEVELS
from yike.web.regions.words import figure, whole

register = template.Library()
register.filter("figure", figure)
register.filter("whole", whole)


@register.filter
def level_word(code: str) -> str:
    """基础型 for ``basic``."""
    return LEVELS.get(code, code)
