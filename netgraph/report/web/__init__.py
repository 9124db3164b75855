"""The web page of an assessment: one file, no request."""

from __future__ import annotations

from netgraph.report.web.model import PageModel
from netgraph.report.web.page import HTML, render_frame, render_page

__all__ = ["HTML", "PageModel", "render_frame", "render_page"]
