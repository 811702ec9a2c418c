"""The start button: the `deskmate` command. Errors are one sentence that says what to do next; exit 2 on bad usage, 1 on failure."""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from importlib import metadata

from bot.errors import DeskmateError
from bot.redaction import Redactor
from config.settings import SECRETS

VERBS = {
    "serve": "the server: Slack, Teams, the clock and the workers, as configured",
    "demo": "the slow-laptop story in this terminal, then a conversation",
    "run": "open a request from a message, work it until it waits for someone, and print what happened",
    "check": "check a workforce folder",
    "route": "say where each line of a file would go, with nothing written or sent",
    "manifest": "print what the Slack or Teams app is created from",
    "migrate": "bring the database to this version's tables",
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command and exit."""
    sys.exit(_main(arguments))


def _main(arguments: Sequence[str] | None) -> int:
    parser = argparse.ArgumentParser(
        prog="deskmate",
        description="Deskmate: a self-hosted AI workforce for service teams.",
        epilog="The README tells how to begin; each verb takes --help.",
    )
    parser.add_argument("--version", action="version", version=f"Deskmate {metadata.version('deskmate')}")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    for name, told in VERBS.items():
        module = importlib.import_module(f"config.commands.{name}")
        verb = verbs.add_parser(name, help=told, description=f"{told[0].upper()}{told[1:]}.")
        module.add_arguments(verb)
        verb.set_defaults(run=module.run)
    given = parser.parse_args(arguments)
    redact = Redactor(os.environ[name] for name in SECRETS if os.environ.get(name))
    try:
        return int(given.run(given))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    except Exception as error:
        cause = _cause(error)
        if os.environ.get("DESKMATE_LOG_LEVEL") == "debug" and not isinstance(cause, DeskmateError):
            raise
        print(redact(f"deskmate: {_told(cause)}"), file=sys.stderr)
        return 1


def _cause(error: Exception) -> Exception:
    """Return what went wrong first, of several things that were done at the same time."""
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    return error


def _told(error: Exception) -> str:
    if isinstance(error, DeskmateError):
        return str(error)
    if isinstance(error, OSError) and error.filename and error.strerror:
        told = f"{error.filename} cannot be used ({error.strerror.lower()}): mend it, or name another place."
    else:
        told = f"something unforeseen went wrong ({type(error).__name__}: {error})."
    return f"{told} Set DESKMATE_LOG_LEVEL=debug to see where."
