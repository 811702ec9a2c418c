"""What the `deskmate` command does, one verb per file."""
