"""Pages of needs and surveys."""
