"""The works of a plan, for its own output and for that of an assessment: lists, layers, maps."""
