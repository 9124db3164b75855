"""What is measured beside the verdicts: outages, faults, rings, separation."""
