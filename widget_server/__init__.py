"""Ventanilla: a self-hosted help window for any website."""

__version__ = "0.1.0"
