"""The web server: platform endpoints and health."""
