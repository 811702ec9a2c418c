"""Mentions read as names: who is mentioned in a message is called what the platform calls them.

Platforms send a mention as the person's user id, which tells nobody who reads it elsewhere (a note that crosses to another platform, a
model's briefing) anything. People who were never met keep their id, since nothing is asked of a platform while a message is stored.
"""

import re
from dataclasses import replace

from bot.message import Message
from bot.person import Identity, identity_id
from bot.ports import Reader

_MENTION = re.compile(r"(?<![\w@])@([A-Z][A-Z0-9]{2,20})(?!\w)")
_MOST = 20
"""Mentions of one message that are looked up."""


async def with_names(reader: Reader, message: Message, author: Identity) -> Message:
    """Return a message whose mentions of known people, by their user ids, are names."""
    if message.kind not in {"text", "edited"}:
        return message
    return replace(message, text=await named(reader, message.text, author))


async def named(reader: Reader, text: str, author: Identity) -> str:
    """Return what `author` wrote with the names of known people in the place of their user ids."""
    users = list(dict.fromkeys(_MENTION.findall(text)))[:_MOST] if "@" in text else []
    keys = {identity_id(author.platform, author.tenant, user): user for user in users}
    known = await reader.find(Identity, id=list(keys)) if keys else ()
    names = {keys[item.id]: " ".join(item.name.split()) for item in known if item.name.strip()}
    return _MENTION.sub(lambda found: f"@{names[found[1]]}" if found[1] in names else found[0], text)
