"""The benchmarks: Deskmate against a reference that is measured in the same run. `python -m bench` runs them all."""
