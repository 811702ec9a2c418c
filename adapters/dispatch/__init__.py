"""Spreading the work."""
