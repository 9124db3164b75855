"""The colours of everything that netgraph shows.

They are those of Okabe and Ito (Color Universal Design, 2008), which colour-blind readers tell
apart; a shape, a letter or a dash always says the same again.
"""

from __future__ import annotations

GREEN, BLUE, AMBER, VERMILION, YELLOW = "#009E73", "#0072B2", "#E69F00", "#D55E00", "#F0E442"
PURPLE = "#CC79A7"
GREY, INK, MUTED, PAPER = "#8C8C8C", "#222222", "#6B6B6B", "#FFFFFF"

GRADE_COLOURS = {"excellent": GREEN, "good": BLUE, "fair": AMBER, "poor": VERMILION, "": GREY}
SEVERITY_COLOURS = {"red": VERMILION, "orange": AMBER, "yellow": YELLOW, "blue": BLUE, "info": GREY}
FINDING_COLOURS = {"error": VERMILION, "warning": AMBER, "info": GREY}
