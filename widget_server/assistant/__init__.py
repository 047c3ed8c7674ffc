"""Answers before a ticket is filed, or silence."""
