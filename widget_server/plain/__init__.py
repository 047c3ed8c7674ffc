"""A request without a script: a plain form beside the help pages, which mail confirms."""
