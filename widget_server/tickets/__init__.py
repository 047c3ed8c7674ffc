"""What people asked, and where it stands."""
