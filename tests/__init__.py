"""Facts about Ventanilla, each shown by running it."""
