"""What a message quotes: read from each of the ways in which Teams tells it, and taken out of the words of whoever wrote."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.teams.quotes import MOST, own_words, quotes_of
from adapters.teams.reading import JsonObject
from tests.unit.teams.mutants import PAYLOADS
from tests.unit.teams.test_teams_inbound import arrival, certain

RECORDED = PAYLOADS / "Entities" / "QuotedReplyEntity.json"
BLOCK = (
    '<blockquote itemscope="" itemtype="http://schema.skype.com/Reply" itemid="{key}">'
    '<strong itemprop="mri" itemid="28:atom">Atom</strong><span itemprop="time" itemid="{key}"></span>'
    '<p itemprop="preview">Which laptop &amp; since when?</p></blockquote>'
)


def html(content: str) -> JsonObject:
    """Give the HTML copy of a message."""
    return {"contentType": "text/html", "content": content}


@pytest.mark.skipif(not RECORDED.exists(), reason=f"the recorded payloads are not at {PAYLOADS}")
def test_a_recorded_quote_names_its_message() -> None:
    """The entity tells which; the tag in the text is no word of the writer's."""
    entity = json.loads(RECORDED.read_text())
    found = certain(arrival(text='<quoted messageId="1234567890"/> The black one', entities=[entity])).message

    assert (("1234567890",), "The black one") == (found.quotes, found.text)


@pytest.mark.parametrize("gap", ["\r\n\r\n", "", " "])
def test_a_quote_in_the_html_copy_is_taken_out_of_the_text(gap: str) -> None:
    """There the quoted words stand before one's own, as if somebody had written both."""
    copy = html(f"<div>{BLOCK.format(key='77')}<p>The black one</p></div>")
    found = certain(arrival(text=f"AtomWhich laptop &amp; since when?{gap}The black one", attachments=[copy])).message

    assert (("77",), "The black one") == (found.quotes, found.text)


def test_words_that_are_no_quote_stay() -> None:
    """Where the text does not begin with what is quoted nothing is taken out, also not with the newer kind of quote."""
    copy = html(BLOCK.format(key="77"))
    entity = {"type": "quotedReply", "quotedReply": {"messageId": "77"}}
    text = "Atom Which laptop & since when? I ask you."

    assert "The black one" == certain(arrival(text="The black one", attachments=[copy])).message.text
    assert text == certain(arrival(text=text, attachments=[copy], entities=[entity])).message.text


def test_a_reference_to_a_message_is_a_quote() -> None:
    """Its content is JSON in a string; where that cannot be read, its own id is the message's."""
    whole = {"contentType": "messageReference", "id": "78", "content": json.dumps({"messageId": "77"})}
    broken = {"contentType": "messageReference", "id": "78", "content": "{"}

    assert ("77", "78") == quotes_of({"attachments": [whole, broken]})


def test_the_quotation_of_a_web_page_is_none() -> None:
    """A block that somebody pasted or typed names no message."""
    copy = html('<blockquote itemid="5">To be</blockquote><blockquote>or not</blockquote>')
    found = certain(arrival(text="To be or not", attachments=[copy])).message

    assert ((), "To be or not") == (found.quotes, found.text)


def test_an_edit_quotes_nothing() -> None:
    """It belongs to the request to which the first version belonged."""
    entity = {"type": "quotedReply", "quotedReply": {"messageId": "77"}}

    assert () == certain(arrival(type="messageUpdate", entities=[entity])).message.quotes


def test_a_command_may_be_given_with_a_quote() -> None:
    """What is quoted is not what is commanded."""
    entity = {"type": "quotedReply", "quotedReply": {"messageId": "77", "preview": "kill all"}}
    found = certain(arrival(text='<quoted messageId="77"/> status IT-1', entities=[entity])).message

    assert ("command", "status IT-1") == (found.kind, found.text)


ANYTHING = st.recursive(
    st.none() | st.text(max_size=20) | st.sampled_from(["quotedReply", "messageReference", "text/html", BLOCK]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "quotedReply", "messageId", "contentType", "content", "id"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(entities=ANYTHING, attachments=ANYTHING, text=st.text(max_size=60))
def test_nothing_that_is_sent_makes_it_fail(entities: object, attachments: object, text: str) -> None:
    """And what is left of the text was its end."""
    activity: JsonObject = {"entities": entities, "attachments": attachments}

    assert len(quotes_of(activity)) <= MOST
    assert text.strip().endswith(own_words(text, activity).strip())


@pytest.mark.parametrize("piece", ["<blockquote", "<blockquote>", '<blockquote itemid="', "</blockquote><blockquote>"])
def test_a_copy_that_is_made_to_take_long_does_not(piece: str) -> None:
    """It is gone through once."""
    assert () == quotes_of({"attachments": [html(piece * 20_000)]})
