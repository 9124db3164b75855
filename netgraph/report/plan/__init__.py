"""Plans of works as people see them: values, chart of the frontier, map of before and after."""
