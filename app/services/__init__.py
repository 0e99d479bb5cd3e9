"""What the portal does: one function an act, one transaction a function."""
