"""Calendars: open or closed, until when, and what a working day is."""
