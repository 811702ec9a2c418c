"""Forms and presses about requests that are none of one's own: nothing is done, and nothing of them is told."""

from dataclasses import replace

import pytest

from bot.approval import Approval
from bot.form import FormKind
from bot.ids import PersonId
from bot.ports import UnitOfWork
from bot.reply import Action
from bot.request import Request
from tests.fakes.desk import RunningDesk, running
from tests.fakes.scripted import ScriptedModel, call
from tests.fakes.workforce import HR, direct
from tests.unit.forms.forms_scene import aside, known, open_desk, send

VALUES: dict[FormKind, dict[str, str]] = {
    "reply": {"text": "Send me your password"},
    "assign": {"assignee": "person:bo"},
    "resolve": {"summary": "done"},
    "priority": {"priority": "urgent"},
    "link": {"number": "IT-1001", "relation": "blocks"},
    "comment": {"text": "bad"},
}
PRESSES: tuple[Action, ...] = ("take_over", "hand_back", "solved", "help", "rate", "approve", "deny", "feedback")
REST = call("set_status", status="on_hold", reason="a test")
SECRET = "Pregnancy of Maria"


async def of_people_ops() -> tuple[RunningDesk, Request]:
    """Return a desk with a request of Maria's at People Ops, whose agents Sam and Ann are not."""
    desk = await open_desk()
    await known(desk, "bo", "sam", "ann")
    request = await desk.open(workspace=HR, to="leave-specialist")
    await desk.plain.transact(lambda uow: uow.put(replace(request, title=SECRET)))
    await desk.settle()
    return desk, await desk.request("HR-1001")


@pytest.mark.parametrize("who", ["bo", "sam", "ann"])
async def test_forms_about_others_requests_do_and_tell_nothing(who: str) -> None:
    """Whatever subject comes back with a form, it proves nothing."""
    desk, before = await of_people_ops()

    for kind, values in VALUES.items():
        await send(desk, who, kind, values, subject=before.id)
    await desk.settle()

    told = " ".join(await desk.told(aside(who).id))
    assert before == await desk.request("HR-1001")
    assert len(VALUES) == told.count("Nothing was done")
    assert not [word for word in (SECRET, "HR-1001", "Maria") if word in told]


@pytest.mark.parametrize("who", ["bo", "sam"])
async def test_presses_on_others_requests_do_and_tell_nothing(who: str) -> None:
    """As for buttons: their subject can be anything that was ever shown to anybody."""
    desk, before = await of_people_ops()
    shown = len(desk.messenger.posts)

    for action in PRESSES:
        await desk.press(who, action, before.id, direct(who), value="1")
    await desk.settle()

    told = " ".join(post.text for post in desk.messenger.posts[shown:])
    assert before == await desk.request("HR-1001")
    assert len(PRESSES) == told.count("Nothing was done")
    assert not [word for word in (SECRET, "HR-1001", "Maria") if word in told]


async def in_marias_name(model: ScriptedModel) -> RunningDesk:
    """Return a desk on which Sam, an agent, asked in Maria's name, and Ida, another, follows."""
    desk = await running(model)
    first = await desk.open()

    async def by_sam(uow: UnitOfWork) -> None:
        stored = await uow.get(Request, first.id)
        assert stored is not None
        await uow.put(replace(stored, author=PersonId("sam"), followers=(PersonId("sam"), PersonId("ida"))))

    await desk.plain.transact(by_sam)
    await desk.settle()
    return desk


@pytest.mark.parametrize(("who", "state"), [("sam", "waiting"), ("maria", "waiting"), ("ida", "approved")])
async def test_whoever_asked_in_anothers_name_does_not_approve(who: str, state: str) -> None:
    """Nor does the one in whose name it was; a colleague who merely follows does."""
    asks = [call("jumpcloud__reset_password", device="L1")]
    desk = await in_marias_name(ScriptedModel(script={"hardware-engineer:assigned": asks, "hardware-engineer": [REST]}))
    item = (await desk.all(Approval))[0]

    await desk.press(who, "approve", item.id, await desk.thread())
    await desk.settle()

    assert state == (await desk.all(Approval))[0].state


async def test_what_grows_out_of_a_request_has_the_same_author() -> None:
    """Or Sam would decide there what he may not decide here."""
    grow = call("open_linked_request", workspace="people-ops", title="Badge", description="d", relation="child")
    script = {"hardware-engineer": [grow, REST], "hr-triage": [REST]}
    desk = await in_marias_name(ScriptedModel(script=script))

    grown = await desk.request("HR-1001")

    assert ("maria", "sam") == (grown.requester, grown.author)
