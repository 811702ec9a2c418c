"""Identifiers.

Every record is found by a text key. A key is either new (time-ordered, so that rows made one after the other lie side by side)
or derived from what caused the record, so that doing the same thing twice finds the first result instead of making a second.
Ids of configuration (coworkers, workspaces) are the slugs of their files.
"""

import hashlib
import secrets
import time
from typing import NewType

PersonId = NewType("PersonId", str)
IdentityId = NewType("IdentityId", str)
ConversationId = NewType("ConversationId", str)
MessageId = NewType("MessageId", str)
RequestId = NewType("RequestId", str)
NoteId = NewType("NoteId", str)
RunId = NewType("RunId", str)
ReplyId = NewType("ReplyId", str)
ApprovalId = NewType("ApprovalId", str)
MailboxId = NewType("MailboxId", str)
CoworkerId = NewType("CoworkerId", str)
WorkspaceId = NewType("WorkspaceId", str)

ATOM = CoworkerId("atom")
"""The front door is a coworker too, built in, so that ledger, budget and audit hold for it."""


def new_id() -> str:
    """Return 28 lowercase hex digits: 12 of milliseconds since 1970, 16 random."""
    return f"{time.time_ns() // 1_000_000:012x}{secrets.token_hex(8)}"


def derived_id(*parts: str) -> str:
    """Return 28 hex digits that are the same whenever `parts` are the same."""
    return hashlib.sha256("\x1f".join(parts).encode(errors="surrogatepass")).hexdigest()[:28]
