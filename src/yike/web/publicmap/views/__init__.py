"""Pages without a sign-in, one module per page."""
