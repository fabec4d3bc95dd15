"""What people see of a sheet: its rows as items, what is asked about a deed, and how a row is earned."""
