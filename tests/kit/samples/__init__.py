"""Invented people on every page: `pages.PAGES` maps a name to what is shown."""
