"""The public help pages: fast, for readers and search engines, without a script."""
