"""From the home page to the view of Slack's Home tab, and from what is pressed on it to what is to be shown, purely.

The query and the page are kept in the view's private metadata, so that a page button needs to say only where it leads. Slack
shows at most 100 blocks: rows that do not fit are counted.
"""

import json
from collections.abc import Iterable

from adapters.slack.blocks import action_id
from adapters.slack.links import escaped
from adapters.slack.mrkdwn import mrkdwn
from adapters.slack.payload import Json, part, storable, text
from adapters.slack.presses import PAGE, Turned
from adapters.slack.views import Block, View, plain_text, section
from bot.home import Home, HomeAsk, HomeRow, HomeSection
from bot.reply import Button
from bot.wording import surfaces as wording

_BLOCKS, _BUTTONS, _HEADING, _LABEL, _TITLE, _SUBJECT, _QUERY, _ACTION_ID = 100, 25, 150, 75, 200, 2_000, 200, 255
_METADATA, _LONGEST_PAGE = 3_000, 9


def home_view(home: Home) -> View:
    """Return the view of a whole page."""
    blocks: list[Block] = [section(piece) for piece in mrkdwn(home.greeting)[:5]]
    if not _offers_new(home):
        blocks.append(_actions((Button(action="form", subject="", value="new", label=wording.NEW_REQUEST),)))
    shown = home.sections[: _BLOCKS // 4]
    for number, part_ in enumerate(shown):
        room = (_BLOCKS - len(blocks)) // (len(shown) - number)
        blocks += _section(part_, home, room)
    where = {"query": storable(home.query[:_QUERY]), "page": home.page}
    return {"type": "home", "private_metadata": json.dumps(where, ensure_ascii=False), "blocks": blocks[:_BLOCKS]}


def asked(body: Json, turned: Turned) -> HomeAsk:
    """Return what is to be shown after somebody pressed or searched on the page that they saw."""
    if turned.searched:
        return HomeAsk(query=turned.value)
    number = turned.value
    page = int(number) if number.isascii() and number.isdigit() and len(number) < _LONGEST_PAGE else 0
    return HomeAsk(page=page, query=seen(body).query)


def seen(body: Json) -> HomeAsk:
    """Return what the page shows that a payload comes from."""
    try:
        kept = json.loads(text(part(body, "view"), "private_metadata", _METADATA))
    except (ValueError, RecursionError):
        return HomeAsk()
    if not isinstance(kept, dict):
        return HomeAsk()
    page = kept.get("page")
    known = page if isinstance(page, int) and not isinstance(page, bool) and 0 <= page < 10**_LONGEST_PAGE else 0
    return HomeAsk(page=known, query=text(kept, "query", _QUERY))


def _offers_new(home: Home) -> bool:
    buttons = (button for part_ in home.sections for row in part_.rows for button in row.buttons)
    return any(button.action == "form" and button.value == "new" for button in buttons)


def _section(shown: HomeSection, home: Home, room: int) -> list[Block]:
    """Return a section in at most `room` blocks (at least four, which hold heading, search, pages and the count)."""
    blocks: list[Block] = [{"type": "header", "text": plain_text(shown.title, _HEADING)}]
    if shown.searchable:
        blocks.append(_search(home.query))
    ending = _pages(home) if shown.searchable and home.pages > 1 else []
    if not shown.rows:
        return [*blocks, section(_joined(shown.empty)), *ending] if shown.empty.strip() else [*blocks, *ending]
    rows = list(map(_row, shown.rows))
    kept = _fitting(rows, room - len(blocks) - len(ending) - 1)
    if len(kept) < len(rows):
        ending.insert(0, _small(wording.more(len(rows) - len(kept))))
    return [*blocks, *(block for row in kept for block in row), *ending]


def _fitting(rows: list[list[Block]], room: int) -> list[list[Block]]:
    kept: list[list[Block]] = []
    for row in rows:
        room -= len(row)
        if room < 0:
            break
        kept.append(row)
    return kept


def _row(row: HomeRow) -> list[Block]:
    title = escaped(" ".join(row.title.split())[:_TITLE].translate(str.maketrans("", "", "*_~`")))
    words = "\n".join(filter(None, [f"*{title}*" if title else "", _joined(row.detail)]))
    return [section(words), *([_actions(row.buttons)] if row.buttons else [])]


def _joined(markdown: str) -> str:
    return next(iter(mrkdwn(markdown)), "")


def _actions(buttons: Iterable[Button]) -> Block:
    """Return buttons; ids are unique within a block, so a second one of the same kind is left out."""
    elements = {str(made["action_id"]): made for made in map(_button, buttons)}
    return {"type": "actions", "elements": list(elements.values())[:_BUTTONS]}


def _button(button: Button) -> Block:
    element: Block = {"type": "button", "action_id": action_id(button)[:_ACTION_ID]}
    element["text"] = plain_text(button.label, _LABEL)
    if button.subject:
        element["value"] = button.subject[:_SUBJECT]
    return element if button.style == "plain" else {**element, "style": button.style}


def _search(query: str) -> Block:
    element: Block = {
        "type": "plain_text_input",
        "action_id": f"{PAGE}:search",
        "max_length": _QUERY,
        "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
    }
    if query.strip():
        element["initial_value"] = storable(query[:_QUERY])
    return {
        "type": "input",
        "block_id": "search",
        "dispatch_action": True,
        "optional": True,
        "label": plain_text(wording.SEARCH, _LABEL),
        "hint": plain_text(wording.SEARCH_HINT, _HEADING),
        "element": element,
    }


def _pages(home: Home) -> list[Block]:
    leads = [(home.page - 1, "previous", wording.PREVIOUS), (home.page + 1, "next", wording.NEXT)]
    buttons: list[Block] = [
        {"type": "button", "action_id": f"{PAGE}:{name}", "value": str(page), "text": plain_text(label, _LABEL)}
        for page, name, label in leads
        if 0 <= page < home.pages
    ]
    count = _small(wording.page_of(home.page, home.pages))
    return [count, {"type": "actions", "elements": buttons}] if buttons else [count]


def _small(words: str) -> Block:
    return {"type": "context", "elements": [plain_text(words, _TITLE)]}
