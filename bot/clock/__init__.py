"""The clock: what is due by the tables, done once however often it is looked at."""
