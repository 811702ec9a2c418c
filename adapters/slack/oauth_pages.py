"""The pages of an installation: plain HTML that reads well aloud and on a telephone, and says what to do next.

Nothing is loaded from anywhere and no script runs, so the headers forbid both. Every value is escaped, because names of teams are
written by others.
"""

from html import escape

from aiohttp import web

INSTALL = "/slack/install"
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_STYLE = (
    "body{font:1.1rem/1.6 system-ui,sans-serif;max-width:38rem;margin:3rem auto;padding:0 1rem;color:#1d1c1d;background:#fff}"
    "a{color:#0b4c8c}a.do{display:inline-block;padding:.7rem 1.2rem;background:#4a154b;color:#fff;border-radius:.4rem;"
    "text-decoration:none}a:focus{outline:3px solid #1264a3;outline-offset:2px}code{background:#f2f2f2;padding:.1rem .3rem}"
)
_AGAIN = f'<p><a class="do" href="{INSTALL}">Start again</a></p>'


def _page(status: int, title: str, *paragraphs: str) -> web.Response:
    """Return a page; the paragraphs are HTML."""
    text = "".join(item if item.startswith(("<p", "<ol")) else f"<p>{item}</p>" for item in paragraphs)
    html = (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)} – Atom</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_STYLE}</style></head><body><main><h1>{escape(title)}</h1>{text}</main></body></html>"
    )
    return web.Response(status=status, text=html, content_type="text/html", headers=_HEADERS)


def begin(address: str) -> web.Response:
    """Say what is about to happen, with the link to Slack."""
    return _page(
        200,
        "Install Atom in Slack",
        "Atom takes what people need, opens requests with your service teams and answers in their threads.",
        "Slack shows next what Atom may do and asks you to allow it. Choose your team there, at the top right.",
        f'<p><a class="do" href="{escape(address)}">Add Atom to Slack</a></p>',
    )


def installed(name: str) -> web.Response:
    """Say that it worked, and what is next."""
    return _page(
        200,
        f"Atom is installed in {name}",
        "You can close this page. What is next:",
        "<ol><li>Open Slack and write to <strong>Atom</strong>, which you find under Apps.</li>"
        "<li>Invite Atom to the private channel of each service team with <code>/invite @Atom</code>.</li>"
        "<li>Have the channel's id written into the file of the team's workspace, under <code>support_channels</code>.</li></ol>",
    )


def not_allowed(tenant: str, name: str) -> web.Response:
    """Say that the team may not install, and which id an admin must add."""
    return _page(
        403,
        "This team may not install Atom",
        f"This Atom belongs to another organisation, or {escape(name or 'your team')} was not added to it yet.",
        f"If it should be, give its administrator this id, to be added to <code>SLACK_TEAM_IDS</code>: <code>{escape(tenant)}</code>."
        " Restart Deskmate after that, and install again.",
    )


def cancelled() -> web.Response:
    """Say that nothing was installed, as the person chose."""
    return _page(200, "Atom was not installed", "You did not allow it in Slack. Nothing was changed.", _AGAIN)


def stale() -> web.Response:
    """Say that the answer was not asked for here, or too long ago."""
    said = (
        "It was begun in another browser, more than ten minutes ago, or was finished already. Cookies must be allowed."
    )
    return _page(400, "This installation cannot be finished", said, _AGAIN)


def refused(reason: str) -> web.Response:
    """Say that Slack did not take the code."""
    said = f"Slack refused it ({escape(reason)}). Nothing was installed."
    return _page(400, "Slack did not finish the installation", said, _AGAIN)


def misconfigured() -> web.Response:
    """Say that Slack does not take our own credentials."""
    said = "Slack does not accept this server's SLACK_CLIENT_ID and SLACK_CLIENT_SECRET. Its administrator must correct them."
    return _page(500, "Atom is not set up correctly", said)


def rotating() -> web.Response:
    """Say that token rotation must be off."""
    said = "Token rotation is switched on in the Slack app's settings, which Deskmate does not support. Switch it off there"
    return _page(
        400, "Atom cannot be installed like this", f"{said} (under OAuth &amp; Permissions), then start again.", _AGAIN
    )


def no_bot() -> web.Response:
    """Say that Slack gave no token of a bot."""
    said = "Slack gave no token for a bot. Create the app from Deskmate's manifest, then start again."
    return _page(400, "Atom cannot be installed like this", said, _AGAIN)


def later() -> web.Response:
    """Say that something is away for a moment."""
    return _page(
        503, "Please try again in a moment", "Slack or Deskmate did not answer. Nothing was installed.", _AGAIN
    )


def too_many() -> web.Response:
    """Say that there were too many tries."""
    return _page(429, "Please try again in a minute", "There were too many installations within a minute.")
