"""The top floor: where everything begins, and the only place that knows every part."""
