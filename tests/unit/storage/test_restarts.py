"""A transaction that loses is made again; whoever asked for it is told in the desk's two words when it never wins."""

import pytest

from bot.errors import Conflict, TemporaryError
from storage.restarts import LostRace, restarting


@pytest.mark.parametrize(
    ("lost", "told"),
    [(LostRace("deadlock"), TemporaryError), (Conflict("exists"), Conflict)],
)
async def test_what_always_loses_is_told_after_the_last_try(lost: Conflict, told: type[Exception]) -> None:
    """A race may be won later; a key that exists will exist."""
    tries: list[int] = []

    async def once() -> None:
        tries.append(1)
        raise lost

    with pytest.raises(told) as raised:
        await restarting(once, tries=3, pause=0)

    assert (3, told) == (len(tries), type(raised.value))


async def test_what_wins_at_last_is_returned() -> None:
    """Nobody is told of the tries before it."""
    answers: list[Conflict | str] = [LostRace("deadlock"), Conflict("exists"), "stored"]

    async def once() -> str:
        answer = answers.pop(0)
        if isinstance(answer, Conflict):
            raise answer
        return answer

    assert "stored" == await restarting(once, tries=3, pause=0)
