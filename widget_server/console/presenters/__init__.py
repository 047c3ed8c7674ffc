"""What the pages show, made ready so that templates only place it."""
