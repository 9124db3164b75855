"""Exact searches for diverse routes on plain arrays: no ids, no tables, no drawing.

Every search says whether its answer is proven; what a limit left open is ``unproven``.
"""
