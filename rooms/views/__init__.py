"""Pages of rooms and lines."""
