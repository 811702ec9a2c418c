"""A running desk to which people send forms, from a place that only they see or from a private thread."""

from collections.abc import Sequence
from datetime import timedelta

from bot.conversation import Conversation
from bot.file import File
from bot.form import Form, FormKind, Submission
from bot.ids import ConversationId, MessageId
from bot.intake import store
from bot.message import Arrival, Message
from bot.person import Identity
from bot.request import Request
from bot.surfaces import Surfaces
from tests.fakes.desk import RunningDesk, running
from tests.fakes.scripted import ScriptedModel, call
from tests.fakes.workforce import COWORKERS, account


def aside(who: str, channel: str = "CTOWN") -> Conversation:
    """Return the place where only this person sees an answer."""
    user = account(who).user
    return Conversation(
        id=ConversationId(f"slack:T1:{channel}:aside:{user}"),
        platform="slack",
        tenant="T1",
        channel=channel,
        kind="aside",
        address={"user": user},
    )


def surfaces(desk: RunningDesk) -> Surfaces:
    """Return what the platform asks while somebody waits."""
    found = Surfaces(desk.plain)
    found.serve(desk.desk, desk.audience)
    return found


async def shown(
    desk: RunningDesk,
    who: str,
    kind: FormKind,
    subject: str = "",
    others: Sequence[Identity] = (),
    context: dict[str, str] | None = None,
) -> Form:
    """Return the form that somebody is shown."""
    return await surfaces(desk).form(kind, account(who), subject=subject, context=context or {}, others=others)


async def wrong(
    desk: RunningDesk,
    who: str,
    kind: FormKind,
    values: dict[str, str],
    *,
    subject: str = "",
    others: Sequence[Identity] = (),
) -> dict[str, str]:
    """Return what is wrong with what somebody would send."""
    return await surfaces(desk).check(Submission(kind=kind, subject=subject, values=values), account(who), others)


async def send(
    desk: RunningDesk,
    who: str,
    kind: FormKind,
    values: dict[str, str],
    *,
    subject: str = "",
    where: Conversation | None = None,
    context: dict[str, str] | None = None,
    files: tuple[File, ...] = (),
    stamp: str = "",
    others: Sequence[Identity] = (),
) -> MessageId:
    """Let a form arrive as it is; with a `stamp`, as the one that came before under it."""
    desk.stamp += 1
    place, author = where or aside(who), account(who)
    key = MessageId(f"slack:T1:view:{stamp or desk.stamp}")
    message = Message(
        id=key,
        event_id=f"E{desk.stamp}",
        conversation_id=place.id,
        author_id=author.id,
        author_name=author.name,
        kind="form",
        form=Submission(kind=kind, subject=subject, values=values, context=context or {}, files=files),
        at=desk.clock.now(),
    )
    arrival = Arrival(message=message, conversation=place, author=author, others=tuple(others))
    await desk.plain.transact(lambda uow: store(uow, [arrival], desk.clock.now(), timedelta()))
    return key


async def open_desk() -> RunningDesk:
    """Return a desk whose coworkers let everything rest."""
    rest = [call("set_status", status="on_hold", reason="a test")]
    return await running(ScriptedModel(script={str(item.id): rest for item in COWORKERS}))


async def known(desk: RunningDesk, *who: str) -> None:
    """Have people met."""
    for one in who:
        await shown(desk, one, "new")


async def one_request(desk: RunningDesk) -> Request:
    """Return the only request."""
    found = await desk.all(Request)
    assert 1 == len(found)
    return found[0]
