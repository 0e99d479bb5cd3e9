"""What an institution's administrators do."""
