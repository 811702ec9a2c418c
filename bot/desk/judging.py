"""A thumb up or down on an answer of Atom: kept, thanked for, and on a bad one the way to a request is shown."""

from bot.audit import Event
from bot.conversation import Conversation
from bot.desk.asides import whisper
from bot.desk.desk import Desk, person_actor
from bot.errors import Refused
from bot.ids import IdentityId, ReplyId
from bot.person import Person
from bot.ports import UnitOfWork
from bot.reply import Button, Reply
from bot.satisfaction import Feedback
from bot.wording import survey as wording


def thumbs(answer: ReplyId) -> tuple[Button, ...]:
    """Return the buttons that judge the answer which this reply holds."""
    return (
        Button(action="feedback", subject=answer, value="good", label=wording.HELPFUL),
        Button(action="feedback", subject=answer, value="bad", label=wording.UNHELPFUL),
    )


async def judge(
    uow: UnitOfWork,
    desk: Desk,
    conversation: Conversation,
    answer: str,
    value: str,
    person: Person,
    who: IdentityId,
    *,
    cause: str,
) -> Feedback:
    """Keep what a person thinks of an answer that they could read; the newest judgement counts.

    Raises `Refused` for anything but an answer in the place where they pressed.
    """
    reply = await uow.get(Reply, answer)
    place = await uow.get(Conversation, reply.conversation_id) if reply else None
    judged = reply is not None and any(one.action == "feedback" for one in reply.buttons)
    here = place is not None and (place.platform, place.tenant, place.channel) == (
        conversation.platform,
        conversation.tenant,
        conversation.channel,
    )
    if reply is None or not judged or not here or value not in {"good", "bad"}:
        raise Refused(wording.NO_ANSWER)
    helpful = value == "good"
    key = f"{reply.id}:{person.id}"
    known = await uow.get(Feedback, key)
    given = Feedback(id=key, reply_id=reply.id, person_id=person.id, helpful=helpful, at=desk.now())
    await (uow.put(given) if known else uow.add(given))
    data = {"reply": reply.id, "helpful": helpful}
    await uow.audit(Event(kind="answer.judged", actor=person_actor(person), data=data, at=desk.now()))
    offer = () if helpful else (Button(action="form", subject="", value="new", label=wording.OPEN_REQUEST),)
    text = wording.feedback(helpful=helpful)
    await whisper(uow, desk, conversation, who, text, cause=f"judged:{cause}", buttons=offer)
    return given
