"""Verdicts: what recorded routes share, what today's plant could achieve, and the proof of both."""
