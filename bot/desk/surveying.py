"""Asking how it went: once for each resolution, with the sentence that the request is resolved."""

from bot.desk.desk import Desk
from bot.desk.standing import button
from bot.desk.telling import tell_requester
from bot.ports import UnitOfWork
from bot.reply import Button
from bot.request import Request
from bot.wording import survey as wording


async def ask_score(uow: UnitOfWork, desk: Desk, request: Request, sentence: str, *, cause: str) -> None:
    """Tell the requester `sentence`, that it is resolved, and ask how it went. `cause` names the resolution: it is asked about once."""
    scores = tuple(
        Button(action="rate", subject=request.id, value=str(score), label=label)
        for score, label in wording.SCORES.items()
    )
    await tell_requester(
        uow,
        desk,
        request,
        wording.asked(sentence),
        cause=cause,
        kind="talk",
        buttons=(*scores, button(request, "help")),
    )
