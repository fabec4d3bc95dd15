"""Dezhi (德治): a points passbook for villages. Plugins propose, the core disposes."""

__version__ = "0.1.0"
