"""What people read around forms and the home page themselves: buttons, and why something could not be shown or taken just now."""

TRY_AGAIN = "That did not work just now. Please try again in a moment."
"""A form or a page could not be made."""
NOT_TAKEN = "This could not be taken just now, and nothing was done. Please send it again in a moment."
"""Shown at a field of a form that was sent and could not be stored (what was typed is still there), and to a command."""
TOO_LATE = "That took too long, so the form was not opened. Please press once more."
FAILED = "That did not work, and the reason is in the log. Please write to Atom in a direct message instead."
PROBLEM = "That did not work"
"""The title of a dialogue that says why; at most 24 characters."""
TAKEN = "Thank you, this is on its way. You will see here or in your chat with Atom what came of it."
"""The last words of a dialogue whose form was stored, where the platform says something when it closes."""
UNKNOWN_FORM = "There is no such form here any more. Please write to Atom in a direct message instead."
"""What a dialogue says that is asked for something that there is not."""
CLOSE = "Close"
CANCEL = "Cancel"
NOTHING_TO_CHOOSE = "There is nothing to choose from."
SEARCH = "Search by number or title"
SEARCH_HINT = "Press Enter to search; clear the field and press Enter to see everything."
PREVIOUS = "Previous"
NEXT = "Next"
NEW_REQUEST = "New request"


def page_of(page: int, pages: int) -> str:
    """Say which page is shown; `page` counts from 0."""
    return f"Page {page + 1} of {pages}"


def more(count: int) -> str:
    """Say that a list goes on."""
    return f"… and {count} more"
