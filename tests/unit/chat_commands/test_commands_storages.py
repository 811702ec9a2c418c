"""Commands over each storage: what they ask of it, and what a lone surrogate or a NUL does there."""

from bot.switch import Switch
from tests.fakes.databases import AnyStorage
from tests.unit.chat_commands.chat import chatting

EVERYTHING = [
    ("maria", "new A thing\nwith more", "IT-1002"),
    ("maria", "mine", "IT-1002"),
    ("sam", "status IT-1001", "On hold"),
    ("sam", "take IT-1001", "You have IT-1001"),
    ("sam", "assign IT-1001 to ida@example.com", "with Ida"),
    ("sam", "release IT-1001", "is back with"),
    ("sam", "note IT-1001 \ud800 and \x00", "private note"),
    ("sam", "reply IT-1001 Hello", "on its way"),
    ("sam", "link IT-1001 blocks IT-1002", "blocks IT-1002"),
    ("sam", "priority IT-1001 urgent", "urgent"),
    ("sam", "resolve IT-1001 Done", "resolved"),
    ("lea", "coworkers", "Hardware Engineer"),
    ("lea", "workspaces", "IT Support"),
    ("lea", "approvals", "Nothing waits"),
    ("lea", "budget", "spent most"),
    ("lea", "budget hardware-engineer", "latest"),
    ("lea", "pause hardware-engineer \ud800\x00", "paused"),
    ("lea", "kill hardware-engineer", "killed"),
    ("lea", "resume hardware-engineer", "works again"),
    ("oda", "reload", "in force"),
    ("bo", "reload", "organisation admins"),
]


async def test_every_command_works_over_every_storage(storage: AnyStorage) -> None:
    """The databases check references and take no half characters; the answers are the same."""
    desk = await chatting(plain=storage)
    await desk.open()
    await desk.work()

    for who, typed, said in EVERYTHING:
        assert said in await desk.ask(who, typed), typed

    assert ["on"] == [item.state for item in await desk.all(Switch)]
