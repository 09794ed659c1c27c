"""Pages: the door, one's own account, other people's accounts, the first screen."""
