"""Delivering mail, and claiming and releasing mailboxes.

Everything here happens inside a transaction, whose row locks make it safe: a claim raises the token, so that whoever held it before
is refused; a release looks whether mail arrived since the worker last looked, so that none is left lying.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.ids import MailboxId, derived_id
from bot.mail import PRIORITIES, Lease, Mail, Mailbox, MailboxKind, Priority, Trigger, mailbox_id
from bot.ports import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class Bell:
    """A mailbox to be marked as due."""

    kind: MailboxKind
    subject: str
    priority: Priority = "normal"
    not_before: datetime | None = None
    """Postpones only work that was not due before."""

    @property
    def key(self) -> MailboxId:
        """The mailbox's key."""
        return mailbox_id(self.kind, self.subject)


async def ring(uow: UnitOfWork, now: datetime, *bells: Bell) -> None:
    """Mark mailboxes as due, making those that do not exist."""
    wanted = {bell.key: bell for bell in bells}
    known = {box.id: box for box in await uow.find(Mailbox, id=list(wanted))}
    fresh = [_made(bell, now) for key, bell in wanted.items() if key not in known]
    if fresh:
        await uow.add(*fresh)
    if known:
        await uow.put(*(_rung(box, wanted[key], now) for key, box in known.items()))


def _made(bell: Bell, now: datetime) -> Mailbox:
    return Mailbox(
        id=bell.key,
        kind=bell.kind,
        subject=bell.subject,
        due=True,
        arrivals=1,
        priority=PRIORITIES[bell.priority],
        waiting_since=now,
        not_before=bell.not_before,
    )


def _rung(box: Mailbox, bell: Bell, now: datetime) -> Mailbox:
    priority = PRIORITIES[bell.priority]
    if box.due:
        return replace(
            box,
            arrivals=box.arrivals + 1,
            priority=min(priority, box.priority),
            not_before=box.not_before if box.firm else None,
        )
    return replace(
        box, due=True, arrivals=box.arrivals + 1, priority=priority, waiting_since=now, not_before=bell.not_before
    )


async def deliver(uow: UnitOfWork, bell: Bell, trigger: Trigger, now: datetime, *, cause: str) -> bool:
    """Put `trigger` into a mailbox and ring it; return False when the same `cause` was delivered there before."""
    mail = new_mail(bell, trigger, now, cause=cause)
    if await uow.get(Mail, mail.id) is not None:
        return False
    await ring(uow, now, bell)
    await uow.add(mail)
    return True


def new_mail(bell: Bell, trigger: Trigger, now: datetime, *, cause: str) -> Mail:
    """Return the mail for a trigger; its key is the same for the same cause."""
    return Mail(id=derived_id("mail", bell.key, trigger.kind, cause), mailbox_id=bell.key, trigger=trigger, at=now)


@dataclass(frozen=True, kw_only=True)
class Claimed:
    """A mailbox that is now worked under `lease`."""

    lease: Lease
    box: Mailbox


async def claim(
    uow: UnitOfWork, key: MailboxId, holder: str, now: datetime, lasts: timedelta
) -> Claimed | datetime | None:
    """Claim a mailbox: the claim, or the moment from which it can be claimed, or None when nothing is due there."""
    box = await uow.get(Mailbox, key)
    if box is None or not box.due:
        return None
    if box.lease_until is not None and box.lease_until > now:
        return box.lease_until
    if box.not_before is not None and box.not_before > now:
        return box.not_before
    died = box.lease_until is not None
    claimed = replace(
        box,
        holder=holder,
        lease_until=now + lasts,
        token=box.token + 1,
        not_before=None,
        firm=True,
        failures=box.failures + 1 if died else box.failures,
    )
    await uow.put(claimed)
    return Claimed(lease=Lease(mailbox_id=key, token=claimed.token, holder=holder), box=claimed)


async def prolong(uow: UnitOfWork, lease: Lease, now: datetime, lasts: timedelta) -> None:
    """Extend a lease; called under it, so a lost one is refused. One that was given back meanwhile stays given back."""
    box = await uow.get(Mailbox, lease.mailbox_id)
    if box is not None and box.lease_until is not None:
        await uow.put(replace(box, lease_until=now + lasts))


async def release(uow: UnitOfWork, lease: Lease, seen: int) -> int | None:
    """Give a mailbox back with nothing left to do; return its arrivals when mail came after `seen`, and keep it then."""
    box = await uow.get(Mailbox, lease.mailbox_id)
    if box is None:
        return None
    if box.arrivals != seen:
        return box.arrivals
    await uow.put(replace(box, due=False, holder=None, lease_until=None, not_before=None, failures=0))
    return None


async def postpone(
    uow: UnitOfWork, lease: Lease, until: datetime, *, failed: bool = False, seen: int | None = None
) -> int | None:
    """Give a mailbox back although it is still due, not to be worked before `until`.

    With `seen` the wait is not firm: the next arrival ends it, and one since `seen` keeps the mailbox; its arrivals are returned then.
    """
    box = await uow.get(Mailbox, lease.mailbox_id)
    if box is None:
        return None
    if seen is not None and box.arrivals != seen:
        return box.arrivals
    failures = box.failures + 1 if failed else 0
    await uow.put(replace(box, holder=None, lease_until=None, not_before=until, firm=seen is None, failures=failures))
    return None


async def forgive(uow: UnitOfWork, lease: Lease) -> None:
    """Forget earlier failures, since the work goes on after all; called under the lease."""
    box = await uow.get(Mailbox, lease.mailbox_id)
    if box is not None and box.failures:
        await uow.put(replace(box, failures=0))


async def waiting_mail(uow: UnitOfWork, key: MailboxId) -> list[Mail]:
    """Return the mail that nobody has taken, oldest first."""
    return list(await uow.find(Mail, mailbox_id=key, taken_by=None))


async def take(uow: UnitOfWork, mail: list[Mail], by: str) -> None:
    """Mark mail as worked."""
    if mail:
        await uow.put(*(replace(item, taken_by=by) for item in mail))
