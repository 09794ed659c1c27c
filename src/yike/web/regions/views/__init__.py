"""Pages of areas, circles and communities."""
