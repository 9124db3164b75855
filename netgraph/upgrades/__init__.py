"""Works that make a network better: what they cost, what they buy, which to choose."""
