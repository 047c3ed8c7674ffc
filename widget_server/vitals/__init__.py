"""Is it well? What machines ask: alive, ready, and how much of everything."""
