"""Long work of the register."""
