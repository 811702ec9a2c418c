"""The command line of the sandbox."""

from pathlib import Path

import pytest

from adapters.sandbox.start import main


def test_an_unknown_system_is_bad_usage(capsys: pytest.CaptureFixture[str]) -> None:
    """The message names the systems that there are."""
    with pytest.raises(SystemExit) as stopped:
        main(["nothing"])

    assert stopped.value.code == 2
    assert "jumpcloud" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It says which variable to set."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("DESKMATE_SANDBOX_DIR", str(tmp_path / "file" / "below"))

    assert main(["hris"]) == 1
    assert "DESKMATE_SANDBOX_DIR" in capsys.readouterr().err
