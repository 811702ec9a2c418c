"""The outside world, one SDK per folder. Only here is known how a platform, a model or a tool server is spoken to."""
