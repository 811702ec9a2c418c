"""The content check of public notes: finds private material in them, however it is dressed up."""

from bot.leak.check import Leak, find_leak

__all__ = ["Leak", "find_leak"]
