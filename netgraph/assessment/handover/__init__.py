"""What the planner hands over: each document's content, gathered from an assessment."""
