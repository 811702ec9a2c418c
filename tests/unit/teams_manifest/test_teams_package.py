"""`deskmate manifest teams`: the package to upload, or the manifest on standard output, or one sentence on what is missing."""

import json
import zipfile
from pathlib import Path

import pytest

from adapters.teams.manifest import EXAMPLE_ID
from config.start import main

APP = "b0700000-0000-4000-8000-000000000002"


def ended(*arguments: str) -> object:
    with pytest.raises(SystemExit) as end:
        main(["manifest", "teams", *arguments])
    return end.value.code


def test_the_command_writes_the_package(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """For the bot and the address that were given."""
    out = tmp_path / "atom.zip"
    status = ended("--app-id", APP, "--url", "https://desk.example.org", "--out", str(out))

    with zipfile.ZipFile(out) as archive:
        document = json.loads(archive.read("manifest.json"))
    assert (0, APP) == (status, document["id"])
    assert "https://desk.example.org" == document["developer"]["websiteUrl"]
    assert "upload it in the Teams admin center" in capsys.readouterr().out


def test_without_a_file_the_manifest_is_printed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the bot's id of the environment, or else an example."""
    monkeypatch.delenv("MICROSOFT_APP_ID", raising=False)
    ended()
    example = json.loads(capsys.readouterr().out)
    monkeypatch.setenv("MICROSOFT_APP_ID", APP)
    ended()

    assert (EXAMPLE_ID, APP) == (example["id"], json.loads(capsys.readouterr().out)["id"])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--app-id", "atom"), "copy it from the bot's registration in Azure to --app-id."),
        (("--out", "x.zip"), "give --app-id and --url."),
        (("--out", "x.zip", "--app-id", APP), "give --app-id and --url."),
        (("--socket",), "Teams must reach Deskmate, so leave it out."),
        (("--url", "http://desk.example.org"), "write --url https://your.host."),
    ],
)
def test_what_makes_no_package_is_refused(
    arguments: tuple[str, ...],
    sentence: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """In a sentence that says what to give, with nothing written."""
    monkeypatch.delenv("MICROSOFT_APP_ID", raising=False)
    monkeypatch.chdir(tmp_path)
    status = ended(*arguments)

    said = capsys.readouterr()
    assert (1, "", []) == (status, said.out, list(tmp_path.iterdir()))
    assert said.err.endswith(f"{sentence}\n")
