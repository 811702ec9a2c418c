"""Who is accountable for a coworker that calls a human: named as colleagues know them."""

import pytest

from tests.fakes.desk import running
from tests.fakes.scripted import ScriptedModel, call
from tests.fakes.workforce import person


@pytest.mark.parametrize(
    ("met", "named"), [(True, "Accountable: Lead. Press"), (False, "Accountable: lead@example.com. Press")]
)
async def test_the_accountable_human_is_named_as_soon_as_they_are_known(*, met: bool, named: str) -> None:
    """Until then by the e-mail of the coworker's file."""
    desk = await running(ScriptedModel(script={"hardware-engineer": [call("escalate", reason="It smokes.")]}))
    if met:
        await desk.plain.transact(lambda uow: uow.add(person("lead")))
    await desk.open()
    await desk.settle()

    called = [text for text in desk.shown("CIT") if "needs a human" in text]

    assert [True] == [named in text for text in called]
