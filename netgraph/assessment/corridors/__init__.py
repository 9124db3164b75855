"""What two networks share: metres of one that run beside the other."""
