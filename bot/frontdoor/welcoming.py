"""Somebody looks at their chat with Atom: the first time they are welcomed, and each time shown what they might ask.

The welcome is counted by person, so that it comes once however many chats, platforms or events there are. What they might ask is taken
from the workforce: examples of work that other teams do for them, since nobody needs to ask themselves.
"""

from collections.abc import Sequence
from itertools import zip_longest

from bot.conversation import Conversation
from bot.counter import Counter
from bot.desk.desk import Desk
from bot.desk.posting import post
from bot.ids import WorkspaceId
from bot.labels import Visibility
from bot.message import Message
from bot.person import Person
from bot.ports import UnitOfWork
from bot.reply import ReplyKind
from bot.request import Request
from bot.wording import welcome as wording

MOST = 4
"""Prompts that a platform shows."""


async def welcomed(uow: UnitOfWork, desk: Desk, conversation: Conversation, message: Message, person: Person) -> None:
    """Welcome a person once, and show what they might ask; only in their own chat with Atom."""
    if conversation.kind != "direct":
        return
    key = f"welcomed:{person.id}"
    if await uow.get(Counter, key) is None:
        await uow.add(Counter(id=key, value=1))
        names = [item.name for item in desk.directory.workspaces()]
        await _tell(uow, desk, conversation, wording.welcome(person.name, names), message, "talk")
    asked = await _prompts(uow, desk, person)
    if asked:
        await _tell(uow, desk, conversation, "\n".join(asked), message, "prompts")


async def _tell(
    uow: UnitOfWork, desk: Desk, conversation: Conversation, text: str, message: Message, kind: ReplyKind
) -> None:
    cause = f"{kind}:{message.id}"
    await post(uow, desk, conversation.id, text, cause=cause, visibility=Visibility.PUBLIC, kind=kind)


async def _prompts(uow: UnitOfWork, desk: Desk, person: Person) -> Sequence[str]:
    """Return up to `MOST` things to say, one line each: first what concerns own requests, then one example of each team in turn."""
    mine = await uow.find(Request, requester=person.id, newest=True, limit=1)
    examples: dict[WorkspaceId, list[str]] = {}
    for card in desk.directory.coworkers():
        if card.kind == "specialist" and card.state == "active" and card.workspace is not None:
            examples.setdefault(card.workspace, []).extend(card.examples)
    others = [found for key, found in examples.items() if not desk.is_agent(person, key)]
    in_turn = [one for row in zip_longest(*others) for one in row if one]
    lines = [*([wording.HOW_ARE_MINE] if mine else []), *(wording.prompt(one) for one in in_turn)]
    return [line for line in dict.fromkeys(lines) if line][:MOST]
