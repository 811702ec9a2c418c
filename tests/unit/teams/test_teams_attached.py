"""Files in Teams: what is one, what is only a copy of the message, and what can be opened by nobody."""

import pytest

from adapters.teams.attached import files_of
from adapters.teams.reading import JsonObject
from bot.file import File
from tests.unit.teams.test_teams_inbound import arrival, certain

LINK = "https://contoso.sharepoint.com/personal/june/Documents/log.txt"
COPY: JsonObject = {"contentType": "text/html", "content": "<p>hello</p>"}


def test_a_file_of_a_personal_chat_has_a_link_that_people_can_open() -> None:
    """Not the one that is good for a few minutes, and without the platform's name for attached files."""
    content = {"downloadUrl": "https://download.example/secret", "uniqueId": "1", "fileType": "txt"}
    kind = "application/vnd.microsoft.teams.file.download.info"
    sent = {"contentType": kind, "contentUrl": LINK, "name": "log.txt", "content": content}

    assert (File(name="log.txt", type="txt", link=LINK),) == files_of({"attachments": [COPY, sent]})


@pytest.mark.parametrize(
    ("attachments", "names"),
    [
        ([COPY], []),
        (
            [{"contentType": "image/png", "contentUrl": "https://smba.example/v3/attachments/1/views/original"}],
            ["picture"],
        ),
        (
            [
                {"contentType": "image/png", "contentUrl": "https://smba.example/1"},
                {"contentType": "text/html", "content": '<p><img src="https://x/objects/1/views/imgo"></p>'},
            ],
            ["picture"],
        ),
        (
            [{"contentType": "text/html", "content": '<p>see <img src="https://x/1"> <img src="https://x/2"></p>'}],
            ["picture"] * 2,
        ),
        (
            [
                {
                    "contentType": "text/html",
                    "content": '<img itemtype="http://schema.skype.com/Emoji" alt="x" src="https://x">',
                }
            ],
            [],
        ),
        ([{"contentType": "text/html", "content": "I typed &lt;img src=x&gt;"}], []),
        ([{"contentType": "application/vnd.microsoft.card.adaptive", "content": {"type": "AdaptiveCard"}}], ["card"]),
        (
            [{"contentType": "application/vnd.microsoft.card.hero", "content": {"title": "Leave\nrequest"}}],
            ["Leave request"],
        ),
    ],
)
def test_pictures_and_cards_are_named_once(attachments: list[JsonObject], names: list[str]) -> None:
    """A pasted picture comes twice, an emoji is none, and nobody can open what only a bot can."""
    found = files_of({"attachments": attachments})

    assert names == [file.name for file in found]
    assert {""} >= {file.link for file in found}


def test_a_message_of_nothing_but_a_card_is_not_overlooked() -> None:
    """Somebody has shown it to Atom and waits for an answer."""
    card = {"contentType": "application/vnd.microsoft.card.thumbnail", "content": {"title": "Invoice 7"}}

    assert ["Invoice 7"] == [file.name for file in certain(arrival(text=None, attachments=[card])).message.files]
