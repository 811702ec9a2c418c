"""Commands in a whole office over a real folder and a real database: what is heard is acted on, and the next start knows it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from bot.ids import CoworkerId, MessageId
from bot.message import Arrival, Message
from bot.reply import Reply
from config.settings import OFFLINE, Settings, read_settings
from config.wiring import Connection, Office, Reception, open_office
from tests.fakes.audience import WrittenAudience
from tests.fakes.messenger import RecordingMessenger
from tests.fakes.workforce import account, said_profile
from tests.unit.chat_commands.chat import aside
from tests.unit.workforce.folders import changed, write

ODA = "- name: Oda\n  email: oda@example.com\n  roles: [organisation_admin]\n"
PEOPLE = {"people.yaml": f"- name: Sam\n  email: sam@example.com\n  roles: [employee, {{agent: it}}]\n{ODA}"}


@contextlib.asynccontextmanager
async def connected(_: Reception) -> AsyncIterator[Mapping[str, Connection]]:
    """Connect a platform that knows Oda."""
    audience = WrittenAudience()
    audience.people[account("oda").id] = said_profile("oda")
    messenger = RecordingMessenger(lambda: datetime.now(UTC))
    yield {"slack": Connection(messenger=messenger, audience=audience, tenant=lambda: "T1")}


@contextlib.asynccontextmanager
async def at_work(settings: Settings) -> AsyncIterator[Office]:
    """Open an office and work in it."""
    async with open_office(settings, connected) as office:
        working = asyncio.create_task(office.dispatcher.serve(office.engine.work))
        try:
            yield office
        finally:
            await office.dispatcher.stop()
            await working


async def obeyed(office: Office, text: str, answers: int = 1) -> list[str]:
    """Have Oda give a command; return what was answered once so many answers are there."""
    where, before = aside("oda"), len(await said(office))
    message = Message(
        id=MessageId(f"slack:T1:CTOWN:{text}:{before}"),
        event_id=f"E{before}",
        conversation_id=where.id,
        author_id=account("oda").id,
        kind="command",
        text=text,
        at=office.desk.now(),
    )
    await office.intake.accept(Arrival(message=message, conversation=where, author=account("oda")))
    for _ in range(2_000):
        found = await said(office)
        if len(found) >= before + answers:
            return found[before:]
        await asyncio.sleep(0.01)
    raise AssertionError(f"no answer to {text}")


async def said(office: Office) -> list[str]:
    """Return everything that Oda was answered."""
    found = await office.storage.read(lambda reader: reader.find(Reply, conversation_id=aside("oda").id))
    return [item.text for item in found]


def settings_for(folder: Path, place: Path) -> Settings:
    """Return the settings of an office without a language model."""
    given = {"DESKMATE_WORKFORCE": str(folder), "DATABASE_URL": f"sqlite+aiosqlite:///{place / 'desk.db'}"}
    return read_settings({**given, "DESKMATE_MODEL": OFFLINE, "DESKMATE_SETTLE_MS": "0"})


async def test_new_files_are_taken_and_switches_outlive_them_and_the_process(tmp_path: Path) -> None:
    """A changed coworker, tool, document and role are in force at once; a killed coworker stays killed."""
    folder = write(tmp_path / "workforce", PEOPLE)
    settings = settings_for(folder, tmp_path)
    async with at_work(settings) as office:
        await obeyed(office, "kill fixer it breaks things")
        write(folder, {**PEOPLE, "skills/slow/SKILL.md": "---\nname: slow\ndescription: Other.\n---\nOther.\n"})
        write(folder, {**PEOPLE, **changed("coworkers/fixer/coworker.yaml", "name: Fixer", "name: Mender")})
        answers = await obeyed(office, "reload", 2)
        card = office.roster.coworker(CoworkerId("fixer"))

        assert "in force" in answers[1]
        assert ("Mender", "paused", True) == (card and card.name, card and card.state, card and card.killed)

        write(folder, changed("coworkers/fixer/coworker.yaml", "kind: specialist", "kind: specialst"))
        refused = await obeyed(office, "reload", 2)
        kept = office.roster.coworker(CoworkerId("fixer"))

        assert ("coworkers/fixer/coworker.yaml:3" in refused[1], card) == (True, kept)

    write(folder, PEOPLE)
    async with at_work(settings) as office:
        card = office.roster.coworker(CoworkerId("fixer"))
        assert ("paused", True) == (card and card.state, card and card.killed)
        await obeyed(office, "resume fixer")
        for _ in range(1_000):
            card = office.roster.coworker(CoworkerId("fixer"))
            if card is not None and card.state == "active":
                return
            await asyncio.sleep(0.01)
        raise AssertionError("the fixer does not work again")
