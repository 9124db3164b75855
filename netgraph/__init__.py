"""Route diversity, shared risk and scores for leased circuits."""
