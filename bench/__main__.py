"""`python -m bench`: run the benchmarks and print each as a table. The exit status is 0 whatever the figures are."""

import argparse
import asyncio
import importlib
import time
import traceback

from bench.report import Report, show

NAMES = ("intake", "acks", "steps", "inflight", "wake", "idle", "teams")


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", choices=NAMES, action="append", help="one benchmark; may be repeated")
    parser.add_argument("--quick", action="store_true", help="one short round each: whether it runs, not how fast")
    options = parser.parse_args()
    for name in options.only or NAMES:
        began = time.monotonic()
        try:
            report: Report = asyncio.run(importlib.import_module(f"bench.{name}").run(options))
        except Exception:  # noqa: BLE001 -- one benchmark that cannot run must not hide the others
            print(f"{name} could not be measured:")
            traceback.print_exc()
            continue
        show(report)
        print(f"  {name} took {time.monotonic() - began:.0f} s\n", flush=True)


if __name__ == "__main__":
    main()
