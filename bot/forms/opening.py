"""The form `new`: somebody opens a request, for themselves or for somebody else, of their own accord or from a message.

Whoever sends it is the author; whoever it is for is the requester and is told where they are (`where`). What comes back as context is
only believed as far as it could do no harm. The words of a message in a private support channel are not taken over: what a request
says is the requester's to read, and coworkers may repeat it to them.
"""

from bot.desk.access import find_workspace
from bot.desk.desk import Desk, person_actor
from bot.desk.opening import Wish, open_request, request_key
from bot.desk.people import link_person
from bot.errors import Refused
from bot.form import Choice, Field, Form, Submission
from bot.forms.prioritising import PRIORITY_FIELD, priorities
from bot.forms.sheet import LONGEST, Asked, Sent, Sheet, refuse_wrong, wrong_choice, wrong_text
from bot.forms.where import kept_for_colleagues, place_of, where_asked
from bot.links import plain_link
from bot.mail import PRIORITIES
from bot.person import Identity, Person
from bot.ports import Reader, UnitOfWork
from bot.request import Request
from bot.wording import forms as wording
from bot.workspace import Workspace

_WORKSPACE, _TITLE, _DETAILS, _FOR, _FILES = "workspace", "title", "description", "on_behalf_of", "files"
_ATOM = "atom"
"""The workspace that Atom chooses: the default one, whose triage coworker routes it on."""
_LONGEST_TITLE, _LONGEST_LINK = 200, 500


def _workspaces(desk: Desk) -> tuple[Choice, ...]:
    named = (Choice(value=f"workspace:{item.id}", label=item.name) for item in desk.directory.workspaces())
    return (Choice(value=_ATOM, label=wording.ATOM_CHOOSES), *named)[:100]


async def _make(reader: Reader, desk: Desk, asked: Asked) -> Form:
    secret = await kept_for_colleagues(reader, desk, asked.context.get("channel", ""))
    writer = None if secret else await reader.get(Identity, asked.context.get("message_author", ""))
    said = "" if secret else asked.context.get("message_text", "")
    origin = wording.from_message(writer.name if writer else "") if said else ""
    return Form(
        kind="new",
        title=wording.NEW_TITLE,
        send=wording.OPEN,
        explanation=wording.from_colleagues() if secret else origin,
        fields=(
            Field(name=_TITLE, label=wording.TITLE, hint=wording.TITLE_HINT, longest=_LONGEST_TITLE),
            _details(said),
            Field(
                name=_WORKSPACE,
                label=wording.WORKSPACE,
                kind="choice",
                hint=wording.WORKSPACE_HINT,
                choices=_workspaces(desk),
                initial=_ATOM,
            ),
            Field(name=PRIORITY_FIELD, label=wording.PRIORITY, kind="choice", choices=priorities(), initial="normal"),
            *_on_behalf(asked.person, writer),
            *where_asked(asked, writer),
            Field(name=_FILES, label=wording.FILES, kind="files", optional=True),
        ),
        context={name: text for name, text in asked.context.items() if name != "message_text"},
    )


def _details(said: str) -> Field:
    return Field(
        name=_DETAILS,
        label=wording.DESCRIPTION,
        kind="long_text",
        hint=wording.DESCRIPTION_HINT,
        initial=said[:LONGEST],
        optional=True,
        longest=LONGEST,
    )


def _on_behalf(person: Person, writer: Identity | None) -> tuple[Field, ...]:
    """Return the question for whom it is, which at first names the message's author; a guest is not asked."""
    if not _may_open_for_others(person):
        return ()
    initial = writer.id if writer is not None and writer.person_id != person.id else ""
    field = Field(
        name=_FOR, label=wording.ON_BEHALF, kind="person", hint=wording.ON_BEHALF_HINT, initial=initial, optional=True
    )
    return (field,)


def _may_open_for_others(person: Person) -> bool:
    """Tell whether a person belongs to the organisation: guests and strangers have no verified e-mail."""
    return person.email is not None


async def _check(reader: Reader, desk: Desk, person: Person, sent: Submission) -> dict[str, str]:
    wrong = wrong_text(sent, _TITLE, longest=_LONGEST_TITLE) | wrong_text(sent, _DETAILS, optional=True)
    if _WORKSPACE in sent.values:
        wrong |= wrong_choice(sent, _WORKSPACE, _workspaces(desk))
    if PRIORITY_FIELD in sent.values:
        wrong |= wrong_choice(sent, PRIORITY_FIELD, priorities())
    chosen = sent.values.get(_FOR, "")
    whom = await reader.get(Identity, chosen) if chosen else None
    if chosen and whom is None:
        return wrong | {_FOR: wording.unknown_person()}
    if whom is not None and whom.person_id != person.id and not _may_open_for_others(person):
        return wrong | {_FOR: wording.not_for_others()}
    return wrong


async def _apply(uow: UnitOfWork, desk: Desk, sent: Sent) -> str:
    refuse_wrong(await _check(uow, desk, sent.person, sent.form))
    sender = await uow.get(Identity, sent.message.author_id)
    whom = await uow.get(Identity, sent.value(_FOR)) if sent.value(_FOR) else sender
    if sender is None or whom is None or whom.tenant != sender.tenant:
        raise Refused(wording.unknown_person())
    requester = sent.person if whom.id == sender.id else await link_person(uow, desk, whom.id, None)
    if requester.id == sent.person.id:
        requester, whom = sent.person, sender
    workspace = _chosen(desk, sent.value(_WORKSPACE))
    cause = f"form:{sent.message.id}"
    place = await place_of(uow, desk, sent, whom, request_key(cause))
    other = requester.id != sent.person.id
    wish = Wish(
        title=" ".join(sent.value(_TITLE).split()),
        description=_description(sent),
        workspace=workspace.id,
        priority=next((item for item in PRIORITIES if item == sent.value(PRIORITY_FIELD)), "normal"),
        requester=requester.id,
        author=sent.person.id,
        conversation_id=place.id,
        fields={"opened_in": sent.message.id},
        source_link=_link(sent.form.context),
        followers=(sent.person.id,) if other else (),
    )

    def announce(request: Request) -> str:
        author = sent.person.name if other else ""
        if place.thread is not None:
            return wording.opened_from(request, workspace.name, author)
        return wording.opened_for(request, workspace.name, author) if other else ""

    actor = person_actor(sent.person, requester.id if other else None)
    silent = place.thread is None and not other
    opened = await open_request(uow, desk, wish, actor, cause=cause, announce=None if silent else announce)
    if silent and sent.conversation.channel == whom.user:
        return ""
    return wording.opened(opened, workspace.name, requester.name if other else "")


def _chosen(desk: Desk, value: str) -> Workspace:
    """Return the workspace that was chosen, or the one in which Atom begins."""
    return find_workspace(desk, "" if value in {"", _ATOM} else value.removeprefix("workspace:"))


def _description(sent: Sent) -> str:
    text = sent.value(_DETAILS) or sent.value(_TITLE)
    return wording.attached(text, [item.name for item in sent.form.files])


def _link(context: dict[str, str]) -> str:
    """Return the link of the message that it was opened from; nothing that is no plain web address."""
    link = context.get("message_link", "")
    return link if plain_link(link) and len(link) <= _LONGEST_LINK else ""


NEW = Sheet(make=_make, check=_check, apply=_apply)
