"""The sheet of one circuit or site: its value, and how it shows in a terminal and on a page."""
