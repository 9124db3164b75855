"""Scores: the scorecard, the facts of each site, items, points and grades."""

from __future__ import annotations

from netgraph.scoring.scorecard import Scorecard, load_scorecard
from netgraph.scoring.scores import Scores, SiteScore
from netgraph.scoring.sites import score_sites, tiers_of_places

__all__ = ["Scorecard", "Scores", "SiteScore", "load_scorecard", "score_sites", "tiers_of_places"]
