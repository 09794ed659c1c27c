"""Filters: ``{% load regions %}``."""

from __future__ import annotations

from django import template

from yike.web.regions.words import figure, whole

register = template.Library()
register.filter("figure", figure)
register.filter("whole", whole)
