"""Moving house: backups, restoring them, and copying an installation to another database."""
