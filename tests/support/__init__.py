"""What the tests stand on: databases, servers, browsers and people, each started for real."""
