"""Bounded search from one outlet over the places around it."""
