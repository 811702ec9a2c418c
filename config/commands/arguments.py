"""What is asked of words on the command line before anything is opened, so that bad usage ends with status 2 and a sentence."""

import argparse

from coworkers.files.organisation import is_email


def message(text: str) -> str:
    """Return what a person writes; `ArgumentTypeError` when it says nothing or is not text."""
    if not text.isprintable():
        _check_encoding(text)
    if not text.strip():
        raise argparse.ArgumentTypeError("the message is empty: write what the person needs")
    return text


def email(text: str) -> str:
    """Return an e-mail address in lower case; `ArgumentTypeError` when it is none."""
    address = text.strip().casefold()
    if not address.isprintable() or not is_email(address):
        raise argparse.ArgumentTypeError(f"{text!r} is no e-mail address: write it as june@example.com")
    return address


def _check_encoding(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise argparse.ArgumentTypeError("the message is not UTF-8 text: save or type it as UTF-8") from error
