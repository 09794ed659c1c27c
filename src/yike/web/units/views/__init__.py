"""Pages of units and teams."""
