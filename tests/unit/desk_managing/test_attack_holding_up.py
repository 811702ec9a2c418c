"""An agent must not hold up another team's request that they can only see."""

from tests.fakes.workforce import SEC
from tests.unit.chat_commands.chat import opened


async def test_a_seen_request_cannot_be_made_to_wait() -> None:
    """IT Support sees Security; Sam works in IT Support alone. Relating the two is his to do, blocking theirs is not."""
    desk = await opened()
    await desk.open(workspace=SEC, to="security-specialist")
    await desk.work()

    refused = await desk.ask("sam", "link IT-1001 blocks SEC-1001")

    assert "Only agents of Security" in refused
    assert () == (await desk.request("SEC-1001")).links
    assert "Linked" in await desk.ask("sam", "link IT-1001 blocked by SEC-1001")
