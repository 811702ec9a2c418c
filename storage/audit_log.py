"""Reads the audit trail back, in the order of its chain: for whoever verifies or exports it."""

from collections.abc import Sequence

from bot.audit import AuditEntry
from storage.mapping import read_text
from storage.statements import Statements
from storage.unit import Link


async def read_entries(link: Link, statements: Statements, *, after: int, limit: int) -> Sequence[AuditEntry]:
    """Return up to `limit` entries behind the number `after`, as the link shows them."""
    rows = await link.fetch(statements.audit_entries(), [after, limit])
    return [
        AuditEntry(number=int(number or 0), canonical=read_text(str(text)), previous=str(previous), hash=str(digest))
        for number, text, previous, digest in rows
    ]
