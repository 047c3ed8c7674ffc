"""Answers written once: articles per site and language."""
