"""The page a mailed link leads to."""
