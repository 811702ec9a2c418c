"""Approvals: a human's decision on one exact call.

The call is stored with its arguments; the digest binds what was shown to what will run. It is decided once, by somebody with authority
who is not the requester, and checked again before it is executed.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.ids import ApprovalId, CoworkerId, PersonId, RequestId, RunId
from bot.turn import Call

ApprovalState = Literal["waiting", "approved", "denied", "expired"]


@dataclass(frozen=True, kw_only=True)
class Approval:
    """One call that waits for a decision, or had one."""

    id: ApprovalId
    request_id: RequestId
    run_id: RunId
    coworker: CoworkerId
    version: str
    """Digest of the coworker's definition when it asked; another definition needs another approval."""
    call: Call
    digest: str
    """`call_digest` of the call, the request and the coworker's version."""
    reason: str
    state: ApprovalState = "waiting"
    asked_at: datetime
    expires_at: datetime
    decided_by: PersonId | None = None
    decided_at: datetime | None = None


def call_digest(call: Call, request_id: RequestId, coworker: CoworkerId, version: str) -> str:
    """Return the SHA-256 of tool, arguments, request and coworker version, in canonical form."""
    canonical = json.dumps(
        [call.name, call.arguments, request_id, coworker, version],
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(canonical.encode()).hexdigest()
