"""From a reply to what Slack is sent, purely.

A context line says who speaks and, in words and with a lock, that a note is private; then the text in sections, the footer in
small print, and the buttons, whose ids `presses` reads. The metadata carries the reply's id, by which a post whose answer
was lost is found again. `text` is what notifications and screen readers are given, so it says all that is shown.
A button's `action_id` is its action, with `:` and its value where it has one, and its `value` is its subject. The pair of
buttons that judges an answer is Slack's own element (slack_sdk's `ContextActionsBlock`, `FeedbackButtonsElement`):
one `action_id`, `feedback`, for both, so there the value is `good:` or `bad:` and the subject.
"""

from collections.abc import Iterable
from typing import TypeAlias

from adapters.slack.links import escaped, plain
from adapters.slack.mrkdwn import line, mrkdwn, words
from bot.labels import Visibility
from bot.reply import Button, Reply
from bot.wording import posts as wording

Block: TypeAlias = dict[str, object]
Content: TypeAlias = dict[str, object]

EVENT_TYPE = "deskmate_reply"
FEEDBACK = "feedback"
_SECTIONS = 40
_TOTAL = 12_500
"""Characters in all blocks; Slack refuses about 13,200, and counts something for each block too."""
_PER_BLOCK = 125
_TEXT = 3_500
"""Slack splits a longer `text` into several messages."""
_SPEAKER, _LABEL, _CONFIRM, _CONFIRM_TEXT, _FOOTER, _EMPTY = 100, 75, 30, 300, 500, 75
_BUTTONS, _ROWS = 25, 5
"""Buttons in one block, and blocks of buttons."""


def content(reply: Reply) -> Content:
    """Return what chat.postMessage and chat.update are given to show `reply`; where it goes is the caller's."""
    heading, ending = _heading(reply), below(reply)
    taken = sum(_PER_BLOCK + _shown(block) for block in [*heading, *ending])
    return {
        "text": _text(reply),
        "blocks": [*heading, *_sections(reply.text, _TOTAL - taken), *ending],
        "metadata": metadata(reply),
    }


def metadata(reply: Reply) -> Block:
    """Return what travels with a post and names its reply."""
    return {"event_type": EVENT_TYPE, "event_payload": {"reply_id": reply.id}}


def below(reply: Reply) -> list[Block]:
    """Return what stands under the text: the footer and the buttons."""
    return [*_footer(reply.footer), *_actions(reply.buttons)]


def _speaker(reply: Reply) -> str:
    return escaped(" ".join(reply.speaker.split())[:_SPEAKER].translate(str.maketrans("", "", "*_~`")))


def _text(reply: Reply) -> str:
    private = wording.PRIVATE if reply.visibility is Visibility.PRIVATE else ""
    before = ", ".join(filter(None, [private, _speaker(reply)]))
    after = " ".join(words(reply.footer, _FOOTER).split()) if reply.footer.strip() else ""
    said = _within(reply.text, _TEXT - _SPEAKER - len(after.encode()))
    spoken = f"{before}: {said}" if before else said or "…"
    return f"{spoken}\n{after}" if after else spoken


def _within(text: str, room: int) -> str:
    """Return the words of `text` in at most `room` bytes: chat.update refuses a `text` of more than 4,000."""
    limit = room
    while len((said := words(text, limit)).encode()) > room and limit > 1:
        limit = max(1, limit * room // len(said.encode()) - 1)
    return said


def _heading(reply: Reply) -> list[Block]:
    speaker = _speaker(reply)
    private = f"\N{LOCK} *{wording.PRIVATE}*" if reply.visibility is Visibility.PRIVATE else ""
    shown = " · ".join(filter(None, [private, f"*{speaker}*" if speaker else ""]))
    return [_context(shown)] if shown else []


def _footer(footer: str) -> list[Block]:
    shown = line(footer, _FOOTER)
    return [_context(shown)] if shown else []


def _sections(text: str, room: int) -> list[Block]:
    pieces = mrkdwn(text) or [escaped(text)[:_EMPTY] or "…"]
    kept: list[str] = []
    for piece in pieces:
        room -= len(piece) + _PER_BLOCK
        if room < 0 or len(kept) == _SECTIONS:
            kept.append("…")
            break
        kept.append(piece)
    return [{"type": "section", "text": _mrkdwn(piece), "expand": True} for piece in kept]


def _actions(buttons: tuple[Button, ...]) -> list[Block]:
    """Return the buttons in rows in which every `action_id` is unique, as Slack demands."""
    judging = _judging(buttons)
    rows: list[dict[str, Button]] = []
    for button in buttons:
        if judging and button.action == FEEDBACK:
            continue
        if not rows or action_id(button) in rows[-1] or len(rows[-1]) == _BUTTONS:
            rows.append({})
        rows[-1][action_id(button)] = button
    acting: list[Block] = [
        {"type": "actions", "elements": [_button(button) for button in row.values()]} for row in rows[:_ROWS]
    ]
    return [*acting, *judging]


def action_id(button: Button) -> str:
    """Return what a press of the button is recognised by."""
    return f"{button.action}:{button.value}" if button.value else button.action


def _judging(buttons: tuple[Button, ...]) -> list[Block]:
    """Return the pair that judges an answer as Slack's own element; nothing when there is no such pair."""
    good = [button for button in buttons if (button.action, button.value) == (FEEDBACK, "good")]
    bad = [button for button in buttons if (button.action, button.value) == (FEEDBACK, "bad")]
    if (len(good), len(bad)) != (1, 1):
        return []
    element = {
        "type": "feedback_buttons",
        "action_id": FEEDBACK,
        "positive_button": _judgement(good[0]),
        "negative_button": _judgement(bad[0]),
    }
    return [{"type": "context_actions", "elements": [element]}]


def _judgement(button: Button) -> Block:
    label = _plain(button.label, _LABEL)
    return {"text": label, "value": f"{button.value}:{button.subject}", "accessibility_label": label["text"]}


def _button(button: Button) -> Block:
    element: Block = {
        "type": "button",
        "action_id": action_id(button),
        "value": button.subject,
        "text": _plain(button.label, _LABEL),
    }
    if button.style != "plain":
        element["style"] = button.style
    if button.action == "rate":
        element["accessibility_label"] = plain(wording.score(button.value), _LABEL)
    if button.action == "deny":
        element["confirm"] = _confirm(wording.DENY_TITLE, wording.DENY_TEXT, wording.DENY_CONFIRM)
    elif button.style == "danger" and button.action != "form":
        element["confirm"] = _confirm(wording.SURE_TITLE, wording.sure(button.label), button.label)
    return element


def _confirm(title: str, said: str, yes: str) -> Block:
    return {
        "title": _plain(title, _SPEAKER),
        "text": _plain(said, _CONFIRM_TEXT),
        "confirm": _plain(yes, _CONFIRM),
        "deny": _plain(wording.DENY_BACK, _CONFIRM),
        "style": "danger",
    }


def _context(shown: str) -> Block:
    return {"type": "context", "elements": [_mrkdwn(shown)]}


def _mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _plain(text: str, limit: int) -> Block:
    return {"type": "plain_text", "text": plain(text, limit) or "…", "emoji": False}


def _shown(node: object) -> int:
    """Return how many characters are shown in a block."""
    inner: Iterable[object] = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return len(node) if isinstance(node, str) else sum(map(_shown, inner))
