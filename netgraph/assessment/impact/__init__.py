"""What a cut or a planned work takes down: found, listed in contact order, written."""
