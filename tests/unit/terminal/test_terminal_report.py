"""The machine-readable twin, and the summary made from it."""

import json
from dataclasses import replace
from datetime import timedelta

from adapters.terminal.arrivals import arrival
from adapters.terminal.report import gather, report, told
from bot.ids import ReplyId, WorkspaceId
from bot.labels import Source, Visibility
from bot.outcome import Route
from bot.packet import Packet
from bot.request import Assignee
from tests.unit.terminal.terminal_stage import (
    IT,
    REQUEST,
    START,
    Stage,
    WrittenDirectory,
    coworker,
    note,
    reply,
    run_of,
    support,
)

PACKET = Packet(
    id="p",
    request_id=REQUEST.id,
    asked="slow",
    sender="it-triage",
    receiver="hardware-engineer",
    reason="hardware first",
    at=START,
)


async def stored() -> Stage:
    """Return a stage with a request that has been worked on."""
    stage = Stage()
    await stage.furnish()
    await stage.keep(
        PACKET,
        run_of("run-1", "it-triage", Route(to="hardware-engineer", reason="hardware first")),
        note("n-1", "seen \x1b[2J", coworker("hardware-engineer"), private=True),
        note("n-2", "hello", coworker("hardware-engineer"), private=False, source=Source.COLLEAGUE),
    )
    return stage


async def test_a_report_lists_requests_notes_runs_and_hand_offs() -> None:
    """With people's names, and nothing that JSON cannot hold."""
    stage = await stored()
    found = await stage.storage.read(lambda reader: gather(reader, [REQUEST]))

    made = report(
        found.requests, found.notes, found.runs, found.packets, found.persons, WrittenDirectory().workspaces()
    )
    read = json.loads(json.dumps(made))

    assert {"requests", "notes", "runs", "handoffs", "replies"} == set(read)
    assert ("IT-1001", "IT Support", "June Park", "open") == (
        read["requests"][0]["number"],
        read["requests"][0]["workspace_name"],
        read["requests"][0]["requester"]["name"],
        read["requests"][0]["status"],
    )
    assert [("private", "seen \x1b[2J"), ("public", "hello")] == [
        (item["visibility"], item["text"]) for item in read["notes"]
    ]
    assert [("it-triage", "route")] == [(item["coworker"], item["outcome"]["kind"]) for item in read["runs"]]
    assert [("it-triage", "hardware-engineer", "hardware first")] == [
        (item["from"], item["to"], item["reason"]) for item in read["handoffs"]
    ]


async def test_a_report_of_nothing_is_empty() -> None:
    """A message may open no request."""
    found = await Stage().storage.read(lambda reader: gather(reader, []))

    made = report(found.requests, found.notes, found.runs, found.packets, found.persons, [])

    assert {"requests": [], "notes": [], "runs": [], "handoffs": [], "replies": []} == made


async def test_what_the_requester_was_told_is_there_without_a_request_too() -> None:
    """Answers and public notes that were posted since; neither private ones, nor what went before or is not posted yet."""
    stage, later = Stage(), START + timedelta(seconds=1)
    said = arrival("june@example.com", "June Park", "How many days of leave?", "1", later)
    answer = replace(reply("There are 25.", kind="talk"), request_id=None, state="sent", at=later, sent_at=later)
    public = replace(answer, id=ReplyId("r-2"), kind="note", request_id=REQUEST.id, text="It runs again.")
    await stage.furnish()
    await stage.keep(
        answer,
        public,
        replace(answer, id=ReplyId("r-3"), at=START),
        replace(answer, id=ReplyId("r-4"), state="queued"),
        replace(answer, id=ReplyId("r-5"), kind="status"),
        replace(answer, id=ReplyId("r-6"), conversation_id=support(IT).id),
        replace(answer, id=ReplyId("r-7"), visibility=Visibility.PRIVATE),
    )

    replies = await stage.storage.read(lambda reader: told(reader, said))
    made = report([REQUEST], (), (), (), (), (), replies)

    at = later.isoformat()
    assert [
        {"to": "requester", "request": None, "text": "There are 25.", "at": at},
        {"to": "requester", "request": "IT-1001", "text": "It runs again.", "at": at},
    ] == made["replies"]


async def test_the_summary_says_where_the_request_stands_and_what_it_took() -> None:
    """In three lines."""
    stage = await stored()
    found = await stage.storage.read(lambda reader: gather(reader, [REQUEST]))
    made = report(
        found.requests, found.notes, found.runs, found.packets, found.persons, WrittenDirectory().workspaces()
    )

    async with stage.speaking():
        stage.voice.summary(made)

    assert [
        "",
        "  IT-1001 · Open · with IT Support Triage",
        "  My laptop feels really slow lately",
        "  1 AI coworker: 1 run, 1 hand-off, 1 public and 1 private note",
        "",
    ] == stage.text.split("\n")


async def test_the_summary_names_a_person_or_a_group_that_has_the_request() -> None:
    """A group by its workspace's name."""
    stage = Stage()
    people = await stored()
    found = await people.storage.read(lambda reader: gather(reader, [REQUEST]))
    held = [
        replace(REQUEST, assignee=Assignee(kind="person", id="p-june")),
        replace(REQUEST, number="IT-1002", assignee=Assignee(kind="group", id=f"{WorkspaceId('security')}/agents")),
    ]

    async with stage.speaking():
        stage.voice.summary(report(held, (), (), (), found.persons, ()))
        stage.voice.summary(report((), (), (), (), (), ()))

    assert "with June Park" in stage.text
    assert "with the agents of Security" in stage.text
    assert "No request was opened." in stage.text
