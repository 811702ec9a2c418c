"""The forms, one to a file: what each asks, what is wrong with what was sent, and what it does."""
