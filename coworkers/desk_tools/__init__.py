"""The desk as a tool: thin schemas over the desk's use cases. A call that ends a run yields an outcome; the others act at once."""
