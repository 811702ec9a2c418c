"""Doubles of the outside world: real local servers and small in-memory parts."""
