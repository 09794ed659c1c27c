"""Walking times of all pairs of place and outlet within a limit."""
