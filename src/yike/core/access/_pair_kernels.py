"""Bounded searches from one place at a time, for pairs of place and outlet."""
