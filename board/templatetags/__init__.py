"""What other parts show of posts."""
