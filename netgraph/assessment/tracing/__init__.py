"""One circuit or site on one sheet: gathered from an assessment, or worked out for it alone."""
