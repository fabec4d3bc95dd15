"""Whether a sheet can be adopted: every fault of it at once, each with its place and in words."""
