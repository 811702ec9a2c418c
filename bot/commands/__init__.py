"""Commands: what people type to steer their requests, those of their team, and the workforce. One family per file."""
