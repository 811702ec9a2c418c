"""The content check of public notes: is private material in there, however it is dressed up?"""

from bot.leak.check import Leak, find_leak

__all__ = ["Leak", "find_leak"]
