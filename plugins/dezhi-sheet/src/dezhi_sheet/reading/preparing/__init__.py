"""Sheets put plainer before they are read: what was pasted, abbreviated, spelled out, laid across or in records."""
