"""What words mean: text as villages type it, points with their units and limits, quotas, and headings of columns."""
