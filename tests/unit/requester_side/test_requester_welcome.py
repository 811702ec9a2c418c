"""First contact: one welcome for each person, whatever arrives, and each time a few things to ask."""

from dataclasses import replace

from bot.counter import Counter
from bot.mail import mailbox_id
from bot.reply import Reply
from tests.fakes.desk import RunningDesk, running
from tests.fakes.fuse import Fuse
from tests.fakes.scripted import ScriptedModel
from tests.fakes.workforce import COWORKERS, account, direct, said_profile, with_coworkers
from tests.unit.requester_side.arranging import HOLD, looks, replies, town, worked

EXAMPLES = {
    "hardware-engineer": ("my laptop is slow", "the battery drains", "a dead  screen\nat home"),
    "software-engineer": ("install an app",),
    "leave-specialist": ("how much leave do I have",),
    "security-specialist": ("I clicked a link", "i clicked a link"),
    "retired-engineer": ("fix my fax",),
}


async def staffed() -> RunningDesk:
    """Return a desk whose coworkers have examples of what they do."""
    known = [replace(item, examples=EXAMPLES.get(item.id, ())) for item in COWORKERS]
    return await running(ScriptedModel(script={}), workforce=with_coworkers(*known))


async def prompts(desk: RunningDesk, who: str) -> list[str]:
    """Return what somebody was shown last to ask."""
    place = direct(who, None).id
    return (await desk.all(Reply, conversation_id=place, kind="prompts"))[-1].text.splitlines()


async def test_somebody_who_looks_is_welcomed_once() -> None:
    """However often they look, and though two events come at once."""
    desk = await staffed()
    await looks(desk, "maria", event="E1")
    await looks(desk, "maria", event="E2")
    await desk.settle()
    await looks(desk, "maria", event="E3")
    await desk.settle()

    told = await replies(desk, direct("maria", None).id)
    assert 1 == len(told)
    assert told[0].text.startswith("Hello Maria, I'm Atom. I work with IT Support, People Ops and Security.")
    assert 3 == len(await desk.all(Reply, conversation_id=direct("maria", None).id, kind="prompts"))


async def test_a_person_is_welcomed_once_over_two_accounts() -> None:
    """On the second platform they know Atom already."""
    desk = await staffed()
    desk.audience.people |= {account("maria", "teams").id: said_profile("maria", "teams")}
    second = replace(direct("maria", None), id=direct("x", None).id, platform="teams", channel="19:maria")
    await looks(desk, "maria", event="E1")
    await looks(desk, "maria", event="E2", where=second)
    await desk.settle()

    assert 1 == len([item for item in await desk.all(Reply) if item.kind == "talk"])


async def test_two_looks_read_at_once_welcome_once() -> None:
    """In two chats, by two workers: the second finds the first's count."""
    desk = await staffed()
    places = [direct("maria", None), direct("maria", "4")]
    for number, place in enumerate(places):
        await looks(desk, "maria", event=f"E{number}", where=place)
    for place in reversed(places):
        await desk.engine.work(mailbox_id("conversation", place.id))
    await desk.settle()

    assert 1 == len([item for item in await desk.all(Reply) if item.kind == "talk"])


async def test_a_welcome_survives_any_death_and_comes_once() -> None:
    """The count and the words are one transaction."""

    async def interrupted(at: int | None) -> RunningDesk:
        desk = await running(ScriptedModel(script={}), fuse=Fuse(at=at))
        await looks(desk, "maria", event="E1")
        await desk.settle()
        return desk

    moments = (await interrupted(None)).fuse.count
    for at in range(1, moments + 1):
        desk = await interrupted(at)
        assert 1 == len(await replies(desk, direct("maria", None).id)), at
        assert [1] == [item.value for item in await desk.all(Counter)], at


async def test_what_one_might_ask_comes_from_each_team_in_turn() -> None:
    """At most four, one line each, nothing twice, nothing that nobody does any more."""
    desk = await staffed()
    await looks(desk, "maria", event="E1")
    await desk.settle()

    assert ["My laptop is slow", "How much leave do I have", "I clicked a link", "The battery drains"] == await prompts(
        desk, "maria"
    )


async def test_agents_are_not_offered_their_own_work() -> None:
    """Sam works in IT Support; others work for him."""
    desk = await staffed()
    await looks(desk, "sam", event="E1")
    await desk.settle()

    assert ["How much leave do I have", "I clicked a link"] == await prompts(desk, "sam")


async def test_who_has_requests_may_ask_about_them_first() -> None:
    """That is what they come for."""
    desk = await worked(HOLD)
    await looks(desk, "maria", event="E1")
    await desk.settle()

    assert "How are my requests going?" == (await prompts(desk, "maria"))[0]


async def test_nothing_is_offered_where_nobody_has_examples() -> None:
    """An empty list would be shown as one."""
    desk = await running(ScriptedModel(script={}))
    await looks(desk, "maria", event="E1")
    await desk.settle()

    assert [] == await desk.all(Reply, kind="prompts")


async def test_a_channel_is_no_place_for_a_welcome() -> None:
    """Whatever an adapter says."""
    desk = await staffed()
    await looks(desk, "ann", event="E1", where=town())
    await desk.settle()

    assert [] == await desk.all(Reply, conversation_id=town().id)
