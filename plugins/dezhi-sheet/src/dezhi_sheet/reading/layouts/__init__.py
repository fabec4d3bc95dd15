"""How the parts of a sheet stand to one another: from the top down, side by side, or as a poster."""
