"""What today's plant could give: exact searches on cables and on spans."""
