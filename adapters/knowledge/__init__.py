"""Searching the organisation's documents."""
