"""What the recorded routes of a unit share, and where it lies."""
