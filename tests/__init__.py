"""Tests: what the desk promises, held against doubles that behave."""
