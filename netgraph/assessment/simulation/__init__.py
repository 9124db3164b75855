"""Failure simulation: every risk and every pair of risks, from inventory to tables."""
