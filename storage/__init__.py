"""Where the records are kept: SQLite or PostgreSQL behind one port. The only place with SQL."""
