"""What the tests of the requester's side begin with, and look at afterwards."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.conversation import Conversation
from bot.ids import ConversationId, IdentityId, MessageId
from bot.intake import store
from bot.mail import mailbox_id
from bot.message import Arrival, Message
from bot.person import Identity
from bot.reply import SHOWN, Button, Reply
from bot.turn import CallResult, Turn
from tests.fakes.desk import RunningDesk, running
from tests.fakes.scripted import ScriptedModel, call
from tests.fakes.tools import WrittenServers
from tests.fakes.workforce import account, direct

HOLD = call("set_status", status="on_hold", reason="a test")
ASK = call("ask_requester", question="Which?")
RESOLVE = call("resolve", summary="Restarted.")


@dataclass(kw_only=True)
class Interrupted(WrittenServers):
    """Servers during whose next call something happens."""

    meanwhile: Callable[[], Awaitable[object]] | None = None

    async def call(self, tool: str, capability: str, arguments: dict[str, Any], *, key: str) -> CallResult:
        """As written down; what happens meanwhile happens before the answer is back."""
        answer = await super().call(tool, capability, arguments, key=key)
        happens, self.meanwhile = self.meanwhile, None
        if happens is not None:
            await happens()
        return answer


async def worked(*turns: Turn, servers: WrittenServers | None = None, **others: Sequence[Turn]) -> RunningDesk:
    """Return a desk on which the hardware engineer has worked Maria's request with these turns; it rests on hold after that."""
    script: dict[str, Sequence[Turn]] = {"hardware-engineer:assigned": turns, "hardware-engineer": [HOLD]}
    script |= {name.replace("_", "-"): turns for name, turns in others.items()}
    desk = await running(ScriptedModel(script=script), servers=servers or WrittenServers())
    await desk.open()
    await desk.settle()
    return desk


async def replies(desk: RunningDesk, conversation: str | None = None) -> list[Reply]:
    """Return what was queued for a conversation (Maria's) and is a post of its own."""
    where = ConversationId(conversation or direct().id)
    return [item for item in await desk.all(Reply, conversation_id=where) if item.kind not in SHOWN]


def pressable(reply: Reply) -> list[str]:
    """Return what can be pressed under a reply: `action` or `action:value`."""
    return [named(button) for button in reply.buttons]


def named(button: Button) -> str:
    """Return a button as `action` or `action:value`."""
    return f"{button.action}:{button.value}" if button.value else button.action


async def survey(desk: RunningDesk) -> Reply:
    """Return the newest post that asks how it went."""
    return [item for item in await replies(desk) if any(one.action == "rate" for one in item.buttons)][-1]


def town(thread: str = "7") -> Conversation:
    """Return a thread in a channel where several people write."""
    return Conversation(
        id=ConversationId(f"slack:T1:CTOWN:{thread}"),
        platform="slack",
        tenant="T1",
        channel="CTOWN",
        thread=thread,
        kind="channel",
    )


async def heard(desk: RunningDesk, who: str, text: str, where: Conversation | None = None) -> None:
    """Let somebody write to Atom, and let them see that they are heard before anything else happens."""
    place = where or direct(who)
    await desk.say(who, text, where=place)
    await desk.engine.work(mailbox_id("outbox", place.id))


def signs_left(desk: RunningDesk) -> list[str]:
    """Return the channels in which people are left with the sign that work goes on; a post ends it, as on the platforms."""
    shown: dict[tuple[str, str | None], bool] = {}
    for posted in desk.messenger.posts:
        place = (posted.channel, posted.thread)
        if posted.kind == "status":
            shown[place] = bool(posted.text)
        elif posted.kind not in SHOWN:
            shown[place] = False
    return [channel for (channel, _), still in shown.items() if still]


def signs_seen(desk: RunningDesk) -> int:
    """Return how often somebody was shown that work goes on."""
    return sum(posted.kind == "status" and bool(posted.text) for posted in desk.messenger.posts)


async def looks(desk: RunningDesk, who: str, *, event: str, where: Conversation | None = None) -> MessageId:
    """Let somebody look at their chat with Atom."""
    place = where or direct(who, None)
    author: Identity = account(who, place.platform)
    message = Message(
        id=MessageId(f"{place.id}:opened:{event}"),
        event_id=event,
        conversation_id=place.id,
        author_id=IdentityId(author.id),
        kind="opened",
        at=desk.clock.now(),
    )
    arrival = Arrival(message=message, conversation=place, author=author)
    await desk.plain.transact(lambda uow: store(uow, [arrival], desk.clock.now(), timedelta()))
    return message.id
