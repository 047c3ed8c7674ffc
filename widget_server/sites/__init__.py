"""Who may embed the window: keys, origins, look, categories, channels."""
