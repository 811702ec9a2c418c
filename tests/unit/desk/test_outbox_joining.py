"""Somebody comes into a channel while it is being asked who may read what is about to be posted there."""

from dataclasses import dataclass, field

from bot.ids import IdentityId, PersonId
from bot.person import Identity
from bot.ports import Profile, UnitOfWork
from tests.fakes.audience import WrittenAudience
from tests.unit.desk.outbox_scene import MARIA, Scene, support


class SlowElsewhere(WrittenAudience):
    """One whose other platform is so slow to answer that the requester comes into the channel meanwhile."""

    async def profile(self, identity: Identity) -> Profile | None:
        """Let the requester join, and then answer."""
        self.places["CSUPPORT"] = MARIA
        return await super().profile(identity)


@dataclass(kw_only=True)
class OnBoth(Scene):
    """A scene in which the requester has an account on another platform, too."""

    audience: WrittenAudience = field(default_factory=SlowElsewhere)

    async def met(self) -> None:
        """Store the other account."""
        key, person = IdentityId("teams:T:maria"), PersonId("maria")
        other = Identity(id=key, platform="teams", tenant="T", user="maria", person_id=person)

        async def work(uow: UnitOfWork) -> None:
            await uow.add(other)

        await self.memory.transact(work)


async def test_whoever_joins_while_another_platform_is_asked_is_seen() -> None:
    """The channel's readers are asked for after everything that may take long."""

    scene = OnBoth()
    await scene.open()
    await scene.settle()
    await scene.met()
    await scene.queue("a", support())
    await scene.settle(hours=0.05)

    assert ["header1"] == scene.shown("CSUPPORT")
    assert "held" == (await scene.replies())["a"].state
