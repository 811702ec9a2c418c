"""From a reply to what Slack is sent, purely.

A context line says who speaks and, in words and with a lock, that a note is private; then the text in sections; then the
buttons, whose ids `presses` reads. The metadata carries the reply's id, by which a post whose answer was lost is found
again. `text` is what notifications and screen readers are given.
"""

from typing import TypeAlias

from adapters.slack.links import escaped
from adapters.slack.mrkdwn import mrkdwn, words
from bot.labels import Visibility
from bot.reply import Button, Reply
from bot.wording import posts as wording

Block: TypeAlias = dict[str, object]
Content: TypeAlias = dict[str, object]

EVENT_TYPE = "deskmate_reply"
_SECTIONS = 45
_TOTAL = 12_000
"""Characters in sections; Slack refuses about 13,200 in all blocks."""
_TEXT = 3_500
"""Slack splits a longer `text` into several messages."""
_SPEAKER, _LABEL, _BUTTONS = 100, 75, 25


def content(reply: Reply) -> Content:
    """Return what chat.postMessage and chat.update are given to show `reply`; where it goes is the caller's."""
    return {
        "text": _text(reply),
        "blocks": [*_heading(reply), *_sections(reply.text), *_actions(reply.buttons)],
        "metadata": {"event_type": EVENT_TYPE, "event_payload": {"reply_id": reply.id}},
    }


def _speaker(reply: Reply) -> str:
    return escaped(" ".join(reply.speaker.split())[:_SPEAKER].translate(str.maketrans("", "", "*_~`")))


def _text(reply: Reply) -> str:
    private = wording.PRIVATE if reply.visibility is Visibility.PRIVATE else ""
    before = ", ".join(filter(None, [private, _speaker(reply)]))
    said = words(reply.text, _TEXT)
    return f"{before}: {said}" if before else said or "…"


def _heading(reply: Reply) -> list[Block]:
    speaker = _speaker(reply)
    private = f"\N{LOCK} *{wording.PRIVATE}*" if reply.visibility is Visibility.PRIVATE else ""
    line = " · ".join(filter(None, [private, f"*{speaker}*" if speaker else ""]))
    return [{"type": "context", "elements": [_mrkdwn(line)]}] if line else []


def _sections(text: str) -> list[Block]:
    pieces = mrkdwn(text) or [escaped(text)[:_LABEL] or "…"]
    kept: list[str] = []
    room = _TOTAL
    for piece in pieces:
        room -= len(piece)
        if room < 0 or len(kept) == _SECTIONS:
            kept.append("…")
            break
        kept.append(piece)
    return [{"type": "section", "text": _mrkdwn(piece), "expand": True} for piece in kept]


def _actions(buttons: tuple[Button, ...]) -> list[Block]:
    return [{"type": "actions", "elements": [_button(button) for button in buttons[:_BUTTONS]]}] if buttons else []


def _button(button: Button) -> Block:
    element: Block = {
        "type": "button",
        "action_id": button.action,
        "value": button.subject,
        "text": _plain(button.label[:_LABEL]),
    }
    if button.style != "plain":
        element["style"] = button.style
    if button.action == "deny":
        element["confirm"] = {
            "title": _plain(wording.DENY_TITLE),
            "text": _plain(wording.DENY_TEXT),
            "confirm": _plain(wording.DENY_CONFIRM),
            "deny": _plain(wording.DENY_BACK),
            "style": "danger",
        }
    return element


def _mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text, "emoji": False}
