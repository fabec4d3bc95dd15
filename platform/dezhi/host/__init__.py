"""Plugins found, checked, isolated, and asked through a roster per programme."""
