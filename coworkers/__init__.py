"""The workforce: how coworkers behave. Sees the desk only; never a chat platform, a vendor's SDK or the database."""
