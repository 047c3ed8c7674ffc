"""The parts of the `ventanilla` command that are groups of their own."""
