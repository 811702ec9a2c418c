"""The front door: what a message in a conversation means, and what follows from it."""
