"""The requester's side over each storage: welcome, sign, stop, solved, survey, comment, judgement, home."""

from dataclasses import replace

from bot.desk.satisfying import comment_on
from bot.home import HomeAsk
from bot.homepage import make_home
from bot.mail import Mailbox, mailbox_id
from bot.person import Person
from bot.ports import Readers
from bot.satisfaction import Feedback, Satisfaction
from tests.fakes.databases import AnyStorage
from tests.fakes.desk import running
from tests.fakes.scripted import ScriptedModel, call
from tests.fakes.workforce import account, direct, person
from tests.unit.requester_side.arranging import HOLD, Interrupted, heard, looks, replies, signs_left

CHAT = direct("maria", "2")


async def test_a_requesters_day(storage: AnyStorage) -> None:
    """What is stored and asked for is stored and found the same everywhere."""
    servers = Interrupted()
    script = {
        "hardware-engineer:assigned": [call("jumpcloud__lock_device", device="L1"), HOLD],
        "hardware-engineer": [HOLD],
        "atom": [call("answer", text="Hold the power button.", citations=[])],
    }
    desk = await running(ScriptedModel(script=script), plain=storage, servers=servers)
    lead = person("lead")
    await storage.transact(lambda uow: uow.add(lead, replace(account("lead"), person_id=lead.id)))
    desk.audience.places["ULEAD"] = Readers(identities=frozenset({account("lead").id}), emails=frozenset())
    request = await desk.open()

    async def stop() -> None:
        await desk.press("maria", "stop", "")
        await desk.engine.work(mailbox_id("conversation", direct().id))

    servers.meanwhile = stop
    await desk.settle()
    assert "pending" == (await desk.request()).status

    await looks(desk, "maria", event="L1")
    await heard(desk, "maria", "Go on")
    await desk.settle()
    await desk.press("maria", "solved", request.id)
    await desk.settle()
    await desk.press("maria", "rate", request.id, value="2")
    await desk.settle()
    maria = (await desk.all(Person, id="maria"))[0]
    await storage.transact(lambda uow: comment_on(uow, desk.desk, request.id, maria, "Slow.", cause="form"))
    await heard(desk, "maria", "How do I restart?", CHAT)
    await desk.settle()
    await desk.press("maria", "feedback", (await replies(desk, CHAT.id))[0].id, value="good", where=CHAT)
    await desk.settle()
    page = await storage.read(lambda reader: make_home(reader, desk.desk, maria, HomeAsk(query="laptop")))

    assert [(2, "Slow.")] == [(item.score, item.comment) for item in await desk.all(Satisfaction)]
    assert [True] == [item.helpful for item in await desk.all(Feedback)]
    assert ("in_progress", "it-support/agents") == ((await desk.request()).status, (await desk.request()).assignee.id)
    assert ["IT-1001 Slow laptop"] == [row.title for row in page.sections[0].rows]
    assert ([], []) == (signs_left(desk), await desk.all(Mailbox, due=True))
