"""`deskmate manifest`: what a Slack app is created from, on standard output (the Teams app has tests of its own)."""

import pytest
import yaml

from config.start import main


def ended(*arguments: str) -> object:
    with pytest.raises(SystemExit) as end:
        main(["manifest", *arguments])
    return end.value.code


def test_the_manifest_names_the_address_that_was_given(capsys: pytest.CaptureFixture[str]) -> None:
    """Also one behind a path and a port."""
    status = ended("slack", "--url", "https://desk.example.org:8443/atom/")

    document = yaml.safe_load(capsys.readouterr().out)
    assert 0 == status
    assert "https://desk.example.org:8443/atom/slack/events" == document["settings"]["interactivity"]["request_url"]
    assert ["https://desk.example.org:8443/atom/slack/oauth_redirect"] == document["oauth_config"]["redirect_urls"]


@pytest.mark.parametrize(
    "url",
    [
        "http://desk.example.org",
        "desk.example.org",
        "https://",
        "https://a:b@c.d",
        "https://c.d:x",
        "https://[",
        "https://c.d?x=1",
    ],
)
def test_an_address_that_slack_cannot_use_is_refused(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """In a sentence with what to write instead, and nothing on standard output."""
    status = ended("slack", f"--url={url}")

    said = capsys.readouterr()
    assert (1, "") == (status, said.out)
    assert said.err.endswith("write --url https://your.host.\n")
