"""How long people wait for the answer to what they do besides writing: a command, a press, a shortcut that opens a form.

Ours stores commands and presses durably before it says 200; the form is made for the person, and `views.open` has been called before
the answer. They come one at a time, as from one person in a hurry, through the local Slack, which times each answer over HTTP on
loopback. Slack gives up after three seconds. The bare Bolt app keeps nothing and opens a form with one field.
"""

import argparse
from dataclasses import dataclass, field
from typing import Any

from bench.processes import folder, place, process, slack_with_people
from bench.report import Goal, Report, Row, middle, percentile
from tests.fakes.separate import Remote
from tests.journeys.deskmate import running

USER, CHANNEL = "U0HURRY", "C0HURRY"
BUTTON = "feedback"
"""Under an answer from knowledge."""
COUNT, FORMS = 100, 25
"""Of a round; Slack lets a form be opened a hundred times a minute."""
_KINDS = {
    "command": "command stored",
    "block_actions": "press stored",
    "shortcut": "form opened (`views.open` included)",
}


@dataclass(kw_only=True)
class Acks:
    """Seconds until the answer, for each kind and round."""

    rounds: dict[str, list[list[float]]] = field(default_factory=lambda: {kind: [] for kind in _KINDS})

    def at(self, kind: str, share: float) -> float:
        """Return the median of the rounds' percentiles, in ms."""
        return 1000 * middle([percentile(seconds, share) for seconds in self.rounds[kind]])


async def _round(slack: Remote, url: str, post: dict[str, Any], acks: Acks, share: float) -> None:
    await slack.do("set_events_url", url=f"{url}/slack/events")
    before = len((await slack.state())["attempts"])
    for _ in range(int(COUNT * share)):
        await slack.do("command", user=USER, channel=CHANNEL, text="mine")
    for _ in range(int(COUNT * share)):
        await slack.do("press", user=USER, message=post, action_id=BUTTON)
    for _ in range(int(FORMS * share)):
        await slack.do("global_shortcut", user=USER, callback_id="new_request")
    made = (await slack.state())["attempts"][before:]
    for kind in _KINDS:
        mine = [attempt for attempt in made if attempt["kind"] == kind]
        if bad := [attempt["status"] for attempt in mine if attempt["status"] != 200]:
            raise RuntimeError(f"{len(bad)} of {len(mine)} answers to a {kind} were not 200: {bad[:3]}")
        acks.rounds[kind].append([attempt["seconds"] for attempt in mine])


async def _post_with_button(slack: Remote, url: str) -> dict[str, Any]:
    await slack.do("set_events_url", url=f"{url}/slack/events")
    said = await slack.do("says", user=USER, channel=USER, text="How do I connect to the VPN?")
    post: dict[str, Any] = await slack.do("wait_for_button", channel=said["channel"], label=BUTTON, seconds=30)
    return post


async def run(options: argparse.Namespace) -> Report:
    """Measure, in turn with the bare app."""
    rounds, share = (1, 0.3) if options.quick else (3, 1.0)
    ours, bare = Acks(), Acks()
    async with slack_with_people() as slack, process("bench.bare_bolt", f"{slack.url}/api/") as bolt:
        await slack.do("add_user", id=USER, name="Hurry", email="hurry@example.com")
        await slack.do("add_channel", id=CHANNEL, members=[USER])
        with folder() as where:
            async with running(place(slack, where)) as desk:
                post = await _post_with_button(slack, desk.place.url)
                for _ in range(rounds):
                    await _round(slack, bolt.url, post, bare, share)
                    await _round(slack, desk.place.url, post, ours, share)
    rows = [
        Row(
            what=f"{what}: p{share * 100:.0f}",
            ours=ours.at(kind, share),
            reference=bare.at(kind, share),
            unit="ms",
            goal=Goal(limit=500) if share > 0.5 else None,
        )
        for kind, what in _KINDS.items()
        for share in (0.5, 0.99)
    ]
    return Report(name="acks", reference="bare Bolt app", rows=rows, notes=[f"{rounds} rounds, one thing at a time."])
