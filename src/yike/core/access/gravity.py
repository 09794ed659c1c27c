"""Gravity access (Hansen 1959): what can be reached, weighted by how far away it is."""
