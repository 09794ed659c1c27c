"""Floating catchments (2SFCA, E2SFCA): supply in reach, shared among those who reach it."""
