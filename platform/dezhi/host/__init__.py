"""Plugins found, checked, isolated, and asked through a roster per programme."""

from dezhi.host.answers import Answer, Failure
from dezhi.host.directory import Directory, Fault
from dezhi.host.forms import Field, fill_settings, settings_form
from dezhi.host.inspection import Installed, Key
from dezhi.host.roster import Roster, Rosters
from dezhi.host.ward import Held

__all__ = [
    "Answer",
    "Directory",
    "Failure",
    "Fault",
    "Field",
    "Held",
    "Installed",
    "Key",
    "Roster",
    "Rosters",
    "fill_settings",
    "settings_form",
]
