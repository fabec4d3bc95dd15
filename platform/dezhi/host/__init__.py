"""Plugins found, checked, isolated, and asked through a roster per programme."""

from dezhi.host.answers import Answer, Failure
from dezhi.host.directory import Directory, Fault, Installed
from dezhi.host.forms import Field, fill_settings, settings_form
from dezhi.host.roster import Roster, Rosters

__all__ = [
    "Answer",
    "Directory",
    "Failure",
    "Fault",
    "Field",
    "Installed",
    "Roster",
    "Rosters",
    "fill_settings",
    "settings_form",
]
