"""How long closed tickets and their files are kept, site by site; off until somebody says so."""
