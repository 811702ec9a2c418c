"""`deskmate migrate`: bring the database to this version's tables."""

import argparse
import asyncio
import os

from config.settings import read_settings
from storage.migrate import migrate
from storage.one_process import only_process


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take none; DATABASE_URL names the database."""
    del parser


def run(_: argparse.Namespace) -> int:
    """Migrate; nothing happens when the database is up to date."""
    settings = read_settings(os.environ)
    with only_process(settings.database_url):
        asyncio.run(migrate(settings.database_url))
    print("The database is up to date.")
    return 0
