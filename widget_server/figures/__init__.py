"""How the team is doing, by site and local day: counted once a day is over, and kept."""
