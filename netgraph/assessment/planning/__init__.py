"""Plans of works: run, held to a new assessment, listed, written."""
