"""What agents do, for programs: the console's acts over HTTP, with a token for each program."""
