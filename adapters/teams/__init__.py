"""Microsoft Teams: the only package that knows the Bot Framework and its archived SDK."""
