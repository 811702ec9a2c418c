"""Anything may happen in any order, and a desk still comes to rest with nothing lost, stuck, doubled or told to the wrong people.

People write, press and hold requests, models choose at random, tools fail, the process dies. After each round everything is worked
until nothing is due; then every request waits for somebody who knows of it.
"""

import asyncio
import random
from collections.abc import Coroutine, Sequence
from typing import Literal, TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.approval import Approval
from bot.errors import DeskmateError, PermanentError, TemporaryError
from bot.labels import Visibility
from bot.mail import Mail, Mailbox
from bot.reply import Reply
from bot.request import Request
from bot.turn import Turn
from coworkers.briefing import Briefing
from coworkers.model import Exchange, Offer
from tests.fakes.desk import RunningDesk, running
from tests.fakes.scripted import ScriptedModel, call, calls, silent
from tests.fakes.tools import Lost, Reaction, WrittenServers
from tests.fakes.workforce import PEOPLE, direct

Result = TypeVar("Result")
PRIVATE = "Colleagues only: ticket XQ-99182 was flagged by the audit."
WHO = st.sampled_from([item.id for item in PEOPLE])
PRESS = st.sampled_from(("approve", "deny", "take_over", "hand_back"))
"""What people press."""


def anything(seed: int) -> ScriptedModel:
    """Return a model that chooses at random, but the same for the same moment of the same run."""

    def decide(briefing: Briefing, transcript: Sequence[Exchange], _: Sequence[Offer]) -> Turn | DeskmateError:
        told = [said.text for said in (*briefing.said, *briefing.messages)]
        packet = briefing.packet.id if briefing.packet else ""
        dice = random.Random(f"{seed}{briefing.coworker.id}{len(transcript)}{told}{packet}{briefing.occasions}")  # noqa: S311
        if briefing.coworker.id == "atom":
            return dice.choice(TALK)
        return dice.choice(WORK + LEAKS if PRIVATE in told else WORK)

    return ScriptedModel(script=decide)


TALK: list[Turn | DeskmateError] = [
    call("say", text="Hello!"),
    call("open_request", title="t", description="d", workspace="it-support"),
    calls(
        ("open_request", {"title": "t", "description": "d", "workspace": "it-support"}),
        ("open_request", {"title": "u", "description": "e", "workspace": "people-ops"}),
    ),
    call("continue_request", number="IT-1001", text="more"),
    call("request_status"),
    call("search_knowledge", query="x"),
    silent("nothing"),
    TemporaryError("overloaded", delay=1.0),
    PermanentError("The contract is spent."),
]
WORK: list[Turn | DeskmateError] = [
    call("ask_requester", question="Which one?"),
    call("hand_off", to="software-engineer", reason="yours"),
    call("hand_off", to="hardware-engineer", reason="yours"),
    call("hand_off", to="leave-specialist", reason="yours", verified_facts=["a fact"]),
    call("hand_off", to="devices", reason="a screwdriver"),
    call("hand_off", to="nobody", reason="x"),
    call("set_status", status="on_hold", reason="later"),
    call("set_status", status="pending", reason="later"),
    call("resolve", summary="Done."),
    call("escalate", reason=PRIVATE),
    call("post_private_note", text=PRIVATE),
    call("jumpcloud__get_device_logs", device="L1"),
    call("jumpcloud__lock_device", device="L1"),
    call("jumpcloud__reset_password", device="L1"),
    call("open_linked_request", workspace="people-ops", title="t", description="d", relation="blocks"),
    calls(("post_public_note", {"text": "Looking."}), ("jumpcloud__tag_device", {"device": "L2"})),
    silent(),
    TemporaryError("overloaded", delay=1.0),
    PermanentError("The contract is spent."),
]
LEAKS: list[Turn | DeskmateError] = [
    call("post_public_note", text=f"So: {PRIVATE}"),
    call("resolve", summary=PRIVATE),
    call("ask_requester", question=f"Is it true? {PRIVATE}"),
]
"""What a model tries that has read a colleague's private note."""
REACTIONS: list[Reaction] = ["ok", "ok", TemporaryError("away"), Lost(error=TemporaryError("cut off", maybe_done=True))]


class Anything(RuleBasedStateMachine):
    """Random people at a random desk."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()

    def teardown(self) -> None:
        self.loop.close()

    def now(self, work: Coroutine[None, None, Result]) -> Result:
        return self.loop.run_until_complete(work)

    @initialize(seed=st.integers(0, 10_000))
    def begin(self, seed: int) -> None:
        names = ("lock_device", "get_device_logs", "tag_device", "reset_password")
        dice = random.Random(seed)  # noqa: S311
        servers = WrittenServers(
            reactions={f"jumpcloud__{name}": [dice.choice(REACTIONS) for _ in range(5)] for name in names}
        )
        self.desk: RunningDesk = self.now(running(anything(seed), servers=servers))

    @rule(
        who=st.sampled_from(("maria", "bo")),
        thread=st.integers(1, 2),
        text=st.sampled_from(("Hello", "It is slow", "Thanks")),
    )
    def somebody_writes(self, who: str, thread: int, text: str) -> None:
        self.now(self.desk.say(who, text, where=direct("maria", str(thread)), to_atom=True))

    @rule(who=WHO, text=st.sampled_from(("hm", "atom, go on", "reply: We are on it.", "reply:")))
    def somebody_writes_privately(self, who: str, text: str) -> None:
        threads = [item for item in self.desk.messenger.posts if item.channel == "CIT" and item.kind == "header"]
        if threads:
            self.now(self._privately(who, text))

    async def _privately(self, who: str, text: str) -> None:
        await self.desk.say(who, text, where=await self.desk.thread(), to_atom=False)

    @rule(who=WHO, action=PRESS, which=st.integers(0, 5))
    def somebody_presses(
        self, who: str, action: Literal["approve", "deny", "take_over", "hand_back"], which: int
    ) -> None:
        kind: type[Approval | Request] = Approval if action in {"approve", "deny"} else Request
        found = [item.id for item in self.now(self.desk.all(kind))]
        if found:
            self.now(self.desk.press(who, action, found[which % len(found)]))

    @rule(hours=st.sampled_from((1, 30, 60)))
    def time_passes(self, hours: int) -> None:
        self.desk.clock.advance(hours * 3600)

    @rule(moments=st.integers(1, 40))
    def the_process_will_die(self, moments: int) -> None:
        self.desk.fuse.at = self.desk.fuse.count + moments

    @rule()
    def everything_is_worked(self) -> None:
        self.now(self.desk.settle(hours=3))
        self.now(self.at_rest())

    async def at_rest(self) -> None:
        """Check that nothing is stuck."""
        due = await self.desk.all(Mailbox, due=True)
        assert [] == due, due
        running = await self.desk.runs(state="running")
        assert [] == running, running
        waiting = {item.request_id for item in await self.desk.all(Approval, state="waiting")}
        for request in await self.desk.all(Request):
            if request.status == "awaiting_approval":
                assert request.id in waiting, request
            elif request.assignee.kind == "coworker":
                assert request.status not in {"open", "in_progress"}, request
        for mail in await self.desk.all(Mail, taken_by=None):
            subject = mail.mailbox_id.removeprefix("request:")
            assert (await self.desk.all(Request, id=subject))[0].status == "awaiting_approval", mail

    @invariant()
    def nothing_private_is_told(self) -> None:
        if hasattr(self, "desk"):
            self.now(self.check_words())

    async def check_words(self) -> None:
        replies = await self.desk.all(Reply)
        outside = [reply for reply in replies if not reply.conversation_id.startswith("support:")]
        assert not [reply for reply in outside if "XQ-99182" in reply.text]
        assert not [reply for reply in outside if reply.visibility is Visibility.PRIVATE]
        posts = [posted.reply_id for posted in self.desk.messenger.posts]
        assert len(posts) == len(set(posts))


TestAnything = Anything.TestCase
TestAnything.settings = settings(max_examples=30, stateful_step_count=20, deadline=None)
