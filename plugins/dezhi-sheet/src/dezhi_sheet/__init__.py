"""A village's whole scoring sheet as a file: every row, limit and precedence is data, and nothing is programmed."""
