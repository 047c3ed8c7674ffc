"""What a host's server may ask for itself: is it connected, what waits for a user, whose data."""
