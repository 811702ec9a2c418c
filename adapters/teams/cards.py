"""From a reply to the activity that is posted.

A reply with buttons, and one that takes a card's place, is an Adaptive Card 1.5 (clients go on showing a card that was changed into a
text: microsoft/botbuilder-js#3822); any other is a text post. Both begin with who speaks and, for a private reply, with words
that say so (a colour would say it to nobody who does not see it). A button is an Action.Execute with an Action.Submit of the same
meaning for clients that know no better, behind a question where it cannot be taken back; one that opens a form is an
Action.Submit for which Teams asks what to show.
A card on which something can be pressed asks for itself anew when somebody looks at it (`refreshing`).
Nothing here writes a mention entity, so nothing that a model wrote can ping.
Teams keeps no metadata that a bot could search for; the reply's id travels all the same, for whoever reads an export.
"""

import html
import json

from botbuilder.schema import Activity, Attachment

from adapters.teams import blocks
from adapters.teams.prose import as_html, as_words, straight
from adapters.teams.reading import JsonObject
from bot.errors import PermanentError
from bot.labels import Visibility
from bot.reply import SHOWN, Button, Reply
from bot.wording import posts as wording
from bot.wording.posts import Words

CARD = "application/vnd.microsoft.card.adaptive"
LARGEST = 80 * 1024
"""Bytes of UTF-16: Teams refuses at about 100 KB (learn.microsoft.com, format-your-bot-messages)."""
_ROW = 6
"""Actions that Teams shows in one row."""
_WIDE, _FRAME = 46, 4
"""Letters that fit into a row of buttons beside each other without being cut, and what a button's frame takes of them."""
_CARDS = frozenset({"header", "card"})
"""Kinds whose post may be changed into something with buttons later."""
REFRESH = "refresh"
"""The verb with which a client asks for a card anew."""
TEXT_ABOVE = {"above": "text"}
"""Comes back from a card under a streamed text: the card that is shown instead must not say that text again."""
_STYLES = {"plain": "default", "primary": "positive", "danger": "destructive"}


def activity(reply: Reply, words: Words) -> JsonObject:
    """Return the activity for `reply`; `PermanentError` when it is larger than Teams takes."""
    if reply.kind in SHOWN:
        return _as_sent(Activity(type="typing"))
    marked = {"deskmate": {"reply": reply.id}}
    if reply.buttons or reply.replaces or reply.kind in _CARDS:
        content = card(reply, words)
        attachment = Attachment(content_type=CARD, content=content)
        made = Activity(type="message", attachments=[attachment], summary=content["fallbackText"], channel_data=marked)
    else:
        made = Activity(type="message", text=_text(reply, words), text_format="xml", channel_data=marked)
    sent = _as_sent(made)
    if len(json.dumps(sent, ensure_ascii=False).encode("utf-16-le", "replace")) > LARGEST:
        raise PermanentError("The reply is larger than Teams takes (80 KB): write it in several notes.")
    return sent


def _as_sent(made: Activity) -> JsonObject:
    sent: JsonObject = made.serialize()
    return sent


def _text(reply: Reply, words: Words) -> str:
    above = []
    if reply.speaker:
        above.append(f"<p><strong>{html.escape(_one_line(reply.speaker), quote=False)}</strong></p>")
    if reply.visibility is Visibility.PRIVATE:
        above.append(f"<p><em>{html.escape(words.private, quote=False)}</em></p>")
    below = [f"<p><em>{html.escape(as_words(reply.footer), quote=False)}</em></p>"] if reply.footer else []
    return "\n".join([*above, as_html(reply.text) or "<p>&nbsp;</p>", *below])


def card(reply: Reply, words: Words) -> JsonObject:
    """Return the card of `reply`."""
    above = []
    if reply.speaker:
        above.append(blocks.rich(blocks.run(_one_line(reply.speaker), weight="Bolder")))
    if reply.visibility is Visibility.PRIVATE:
        above.append(blocks.rich(blocks.run(words.private, italic=True)))
    return _shell(reply, words, [*above, *blocks.body(reply.text)], {"reply": reply.id})


def streamed(reply: Reply, text: str, words: Words) -> JsonObject:
    """Return the activity for a reply whose text is streamed as Markdown: what belongs under it is a card of its own."""
    marked = {"deskmate": {"reply": reply.id}}
    under = [Attachment(content_type=CARD, content=below(reply, words))] if reply.buttons else None
    return _as_sent(Activity(type="message", text=text, text_format="markdown", attachments=under, channel_data=marked))


def below(reply: Reply, words: Words) -> JsonObject:
    """Return the card under a text that was streamed: footer and buttons; what it sends says that the text stands above it."""
    return _shell(reply, words, [], {"reply": reply.id, **TEXT_ABOVE})


def _shell(reply: Reply, words: Words, said: list[JsonObject], about: JsonObject) -> JsonObject:
    *rows, last = _rows(reply.buttons, about) or [[]]
    return {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.5",
        "fallbackText": _summary(reply),
        **_refresh(reply, words, about),
        "body": [*said, *_footer(reply), *({"type": "ActionSet", "actions": row} for row in rows)],
        "actions": last,
    }


def _refresh(reply: Reply, words: Words, about: JsonObject) -> JsonObject:
    """Return how the card is asked for anew; nothing where there is nothing to press any more.

    Without `userIds` clients ask by themselves in places of up to 60 members, and elsewhere when somebody chooses to
    (learn.microsoft.com, work-with-universal-actions-for-adaptive-cards).
    """
    if not reply.buttons:
        return {}
    action = {"type": "Action.Execute", "title": words.refresh, "verb": REFRESH, "data": about}
    return {"refresh": {"action": action}}


def _rows(buttons: tuple[Button, ...], about: JsonObject) -> list[list[JsonObject]]:
    """Return the actions row by row: Teams leaves out what is too much for one, and cuts the words of what is too wide."""
    rows: list[list[JsonObject]] = []
    room = 0
    for button in buttons:
        room -= len(button.label) + _FRAME
        if not rows or room < 0 or len(rows[-1]) == _ROW:
            rows.append([])
            room = _WIDE - len(button.label) - _FRAME
        rows[-1].append(_action(button, about))
    return rows


def _footer(reply: Reply) -> list[JsonObject]:
    words = _one_line(as_words(reply.footer))
    return [blocks.rich(blocks.run(words, size="Small", isSubtle=True))] if words else []


def _action(button: Button, about: JsonObject) -> JsonObject:
    if button.action == "form":
        asked = {"msteams": {"type": "task/fetch"}, "form": button.value, "subject": button.subject}
        return {"type": "Action.Submit", "title": button.label, "style": _STYLES[button.style], "data": asked}
    data = {"verb": button.action, "subject": button.subject, **about}
    if button.value:
        data["value"] = button.value
    shown = {"title": button.label, "style": _STYLES[button.style], "data": data, **_read_aloud(button)}
    fallback = {"type": "Action.Submit", **shown}
    action = {"type": "Action.Execute", "verb": button.action, **shown, "fallback": fallback}
    if button.action == "deny":
        return _asked_first(button, action, wording.DENY_TITLE, wording.DENY_TEXT)
    if button.style == "danger":
        return _asked_first(button, action, wording.SURE_TITLE, wording.sure(button.label))
    return action


def _read_aloud(button: Button) -> JsonObject:
    """Return what a screen reader says of a button whose words say too little by themselves."""
    return {"tooltip": wording.score(button.value)} if button.action == "rate" else {}


def _asked_first(button: Button, action: JsonObject, title: str, said: str) -> JsonObject:
    """Return a button that opens the question whether it is meant, with the real one below it."""
    body = [blocks.rich(blocks.run(title, weight="Bolder")), blocks.rich(blocks.run(said))]
    question = {"type": "AdaptiveCard", "body": body, "actions": [action]}
    return {"type": "Action.ShowCard", "title": button.label, "style": _STYLES[button.style], "card": question}


def _summary(reply: Reply) -> str:
    """Return the first words, for notifications and for clients that show no cards."""
    return _one_line(as_words(reply.text))[:200]


def _one_line(text: str) -> str:
    return " ".join(straight(text).replace("<", " ").split())
