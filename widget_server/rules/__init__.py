"""Rules: when something happens to a ticket, and it is of some kind, then do this."""
