"""Reading a workforce folder: from files that people wrote to checked records, every mistake with file, line and remedy."""
