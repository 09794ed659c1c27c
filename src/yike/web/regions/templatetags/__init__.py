"""Tags of areas and circles."""
