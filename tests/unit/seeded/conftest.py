"""What the tests of the seeded workforce share: scenes on fresh books of the sandbox."""

from pathlib import Path

import pytest

from tests.unit.seeded.scene import Opened, Scene, workforce


@pytest.fixture
def scene(tmp_path: Path) -> Opened:
    """Open a scene: the coworker's id, the request's text, the requester's e-mail, and whatever else a `Scene` takes."""

    def opened(coworker: str, text: str, requester: str = "june@example.com", **more: object) -> Scene:
        return Scene(workforce=workforce(), books=tmp_path, coworker=coworker, text=text, requester=requester, **more)  # type: ignore[arg-type]

    return opened
