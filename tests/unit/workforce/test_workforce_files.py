"""Reading a workforce folder: what comes out of a good one, and what each mistake is answered with."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.ids import CoworkerId, WorkspaceId
from coworkers.files.problem import Problems
from coworkers.files.read import check, read_workforce
from coworkers.files.tree import read_tree
from tests.unit.workforce.folders import FILES, GOAL, changed, lines, read, write
from tests.unit.workforce.office import SEEDED

FIXER, SPACE, MDM, PLAYBOOK = (
    "coworkers/fixer/coworker.yaml",
    "workspaces/it.yaml",
    "tools/mdm.yaml",
    "coworkers/fixer/playbook.yaml",
)


def test_a_good_folder_is_read_whole(tmp_path: Path) -> None:
    """Nothing is wrong, and every file has become a record."""
    reading = read(tmp_path)
    workforce = reading.workforce
    assert workforce is not None, lines(reading)
    fixer = workforce.coworkers[CoworkerId("fixer")]

    assert lines(reading) == []
    assert fixer.grants == {"mdm": {"get_device": "allow", "get_logs": "allow", "wipe": "ask"}}
    assert (fixer.triage, fixer.run_limits.tool_calls, fixer.request_limits.micro_usd) == ("it-triage", 5, 500_000)
    assert fixer.playbook is not None
    assert workforce.workspaces[WorkspaceId("it")].default
    assert [person.email for person in workforce.people] == ["sam@example.com"]
    assert [document.path for document in workforce.knowledge] == ["leave.md"]
    assert workforce.tools["mdm"].capabilities["get_logs"].private
    assert workforce.skills["slow"].body == "Look."


def test_the_seeded_workforce_has_no_errors() -> None:
    """What is shipped passes its own check."""
    assert [str(problem) for problem in check(SEEDED) if not problem.warning] == []


MISTAKES = [
    (changed(FIXER, "workspace: it", "workspace: itt"), f"{FIXER}:4: there is no workspace `itt`. Did you mean `it`?"),
    (changed(FIXER, "skills: [slow]", "skills: [slw]"), f"{FIXER}:7: there is no skill `slw`. Did you mean `slow`?"),
    (
        changed(FIXER, "get_logs: allow", "get_log: allow"),
        f"{FIXER}:10: `mdm` has no capability `get_log`. Did you mean `get_logs`?",
    ),
    (changed(FIXER, "  mdm:", "  mdn:"), f"{FIXER}:10: there is no tool `mdn`. Did you mean `mdm`?"),
    (
        changed(FIXER, "get_logs: allow", "get_logs: alow"),
        f"{FIXER}:10: `get_logs: alow` is not known in `mdm`. Did you mean `allow`?",
    ),
    (changed(FIXER, "examples:", "exampels:"), f"{FIXER}:8: `exampels` is not a known key. Did you mean `examples`?"),
    (
        changed(FIXER, "groups: [devices]", "groups: [device]"),
        f"{FIXER}:5: `it` has no group `device`. Did you mean `devices`?",
    ),
    (
        changed(FIXER, "kind: specialist", "kind: special"),
        f"{FIXER}:3: `kind: special` is not known. Did you mean `specialist`?",
    ),
    (
        changed(FIXER, "id: fixer", "id: fixr"),
        f"{FIXER}:1: `id: fixr` is not the folder's name. Write `id: fixer`, or rename the folder.",
    ),
    (
        changed(FIXER, "run_tool_calls: 5", "run_tool_calls: many"),
        f"{FIXER}:11: `run_tool_calls: many` is not a number of 0 or more. Write `run_tool_calls: 8`.",
    ),
    (
        changed(SPACE, "triage: it-triage", "triage: it-trage"),
        f"{SPACE}:5: there is no coworker `it-trage`. Did you mean `it-triage`?",
    ),
    (
        changed(SPACE, "triage: it-triage", "triage: fixer"),
        f"{SPACE}:5: `fixer` is not a triage coworker of this workspace. Give it `kind: triage` and `workspace: it`, or",
    ),
    (
        changed(SPACE, "prefix: IT", "prefix: It1"),
        f"{SPACE}:3: `prefix: It1` will not do. Write 2 to 5 capital letters, such as `IT`.",
    ),
    (
        changed(SPACE, "default: true", "default: true\nsupport_channels: {slack: D0JUNE}"),
        f"{SPACE}:7: `D0JUNE` is a direct chat in Slack, which its person reads. Write the id of a private channel",
    ),
    (
        changed(SPACE, "default: true", 'default: true\nsupport_channels: {teams: "19:few@thread.v2"}'),
        f"{SPACE}:7: `19:few@thread.v2` is a group chat in Teams, which has no threads. Write the id of a channel, `19:…@thread",
    ),
    (
        changed(SPACE, "default: true", "default: true\nrestricted_channels: {teams: https://teams.microsoft.com/l/x}"),
        f"{SPACE}:7: `https://teams.microsoft.com/l/x` is no channel of Teams. Write the id of a channel",
    ),
    (
        changed(SPACE, "default: true", "default: true\nstrict: true"),
        f"{SPACE}:7: `strict: true` is not available yet. Leave `strict` out",
    ),
    (
        changed(SPACE, "default: true", "default: false"),
        f"{SPACE}:1: no workspace has `default: true`. Write it in the one that takes what fits nowhere in particular.",
    ),
    (
        changed(SPACE, "respond: 15m", "respond: soon"),
        f"{SPACE}:8: `respond: soon` is not a target. Write `{{respond: 15m, resolve: 4h}}`.",
    ),
    (changed(SPACE, "09:00-17:30", "17:30-09:00"), f'{SPACE}:9: `17:30-09:00` is not a span of a day. Write `"09:00-17:30"`.'),
    (
        changed(SPACE, "remind_after: 1d", "remind_after: 1 week"),
        f"{SPACE}:10: `remind_after: 1 week` is not a time span. Write `remind_after: 15m` (s, m, h or d).",
    ),
    (changed(SPACE, "fixer]", "fxer]"), f"{SPACE}:7: there is no coworker `fxer`. Did you mean `fixer`?"),
    (
        changed(MDM, "'env:MDM_KEY'", "abc123"),
        f"{MDM}:5: `MDM_KEY` holds a value instead of a reference. Write `MDM_KEY: env:MDM_KEY`.",
    ),
    (
        changed(MDM, "effect: destructive", "undo: nothing, effect: destructive"),
        f"{MDM}:10: `undo: nothing` is not a capability of this tool. Name the capability that undoes it, as it stands",
    ),
    (changed("people.yaml", "{agent: it}", "agent"), "people.yaml:3: the role `agent` needs a workspace. Write `{agent: it-support}`."),
    (
        changed("organisation.yaml", "Europe/London", "Europe/Londn"),
        "organisation.yaml:2: `Europe/Londn` is not a time zone. Did you mean `Europe/London`?",
    ),
    (
        changed(PLAYBOOK, "mdm__get_device", "mdm__get_devices"),
        f"{PLAYBOOK}:7: `mdm__get_devices` is not granted to this coworker. Did you mean `mdm__get_device`? Grant it in",
    ),
    (
        changed(PLAYBOOK, "device.free < 10", "device.free <"),
        f"{PLAYBOOK}:10: `device.free <` is not a CEL expression: at character 14, mismatched input '<EOF>'",
    ),
    (
        changed(PLAYBOOK, "device.free < 10", "devise.free < 10"),
        f"{PLAYBOOK}:10: `devise` is not a known name here. Did you mean `device`? A result is known in the steps after",
    ),
    (
        changed(PLAYBOOK, "requester.email", "requester.mail"),
        f"{PLAYBOOK}:7: `requester` has no field `mail`. Did you mean `email`?",
    ),
    (
        changed(PLAYBOOK, "      - resolve: Done.\n", ""),
        f"{PLAYBOOK}:10: the last step of the list must end the run, without a `when`. Add a `hand_off`, `escalate`,",
    ),
    (
        changed(PLAYBOOK, "to: triage", "to: it-triag"),
        f"{PLAYBOOK}:14: there is no coworker or group `it-triag`. Did you mean `it-triage`?",
    ),
    (
        changed(PLAYBOOK, "    slow:\n      -", "    slwo:\n      -"),
        f"{PLAYBOOK}:6: `slwo` is not a bucket here. Did you mean `slow`?",
    ),
    (changed(PLAYBOOK, "  assigned:", "  assignd:"), f"{PLAYBOOK}:5: `assignd` is not an occasion. Did you mean `assigned`?"),
    (
        {"coworkers/fixer/GOAL.md": GOAL.replace("## Boundaries\nC\n", "")},
        "coworkers/fixer/GOAL.md:1: the heading `Boundaries` is missing. Add `## Boundaries`; the file needs Decision",
    ),
    (
        {"coworkers/fixer/GOAL.md": GOAL.replace("## Flow\nB\n", "## Flow\n")},
        "coworkers/fixer/GOAL.md:4: nothing stands under `Flow`. Write it: the coworker works by this text.",
    ),
    (
        {"knowledge/x.md": "token xoxb-1234567890-abcdefghij"},
        "knowledge/x.md:1: this looks like a secret. Revoke it, and remove it from this text: no text needs a secret.",
    ),
    (
        changed(MDM, "name: MDM", "name: xoxb-1234567890-abcdefghij"),
        f"{MDM}:2: this looks like a secret. Revoke it, put the new one in the environment, and write `env:NAME` here.",
    ),
    (
        changed(SPACE, "sam@example.com, fixer", "sam.example.com, fixer"),
        f"{SPACE}:7: there is no coworker `sam.example.com`. Write one of: fixer, it-triage. A person's e-mail address needs an `@`.",
    ),
    ({"organisation.yaml": ""}, "organisation.yaml:1: the file is missing or empty. Write at least `name: …` into it."),
    ({"organisation.yaml": "# later\n"}, "organisation.yaml:1: the file is missing or empty. Write at least `name: …` into it."),
    ({"organisation.yaml": "Acme"}, "organisation.yaml:1: the file must be a map, not text. Write `key: value` lines."),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "expected"), MISTAKES)
def test_each_mistake_is_named_with_its_remedy(tmp_path: Path, changes: dict[str, str], expected: str) -> None:
    """File, line, what is wrong, what to write instead; and the folder is not used."""
    reading = read(tmp_path, changes)

    assert [line for line in lines(reading) if line.startswith(expected)] != [], lines(reading)
    assert reading.workforce is None


def test_destructive_is_never_allowed(tmp_path: Path) -> None:
    """It becomes `ask`, with a warning, and the folder is used all the same."""
    reading = read(
        tmp_path, changed(FIXER, "{get_device: allow, get_logs: allow, wipe: ask}", '{"*": allow, get_logs: ask}')
    )
    assert reading.workforce is not None, lines(reading)

    assert reading.workforce.coworkers[CoworkerId("fixer")].grants["mdm"] == {
        "get_device": "allow",
        "get_logs": "ask",
        "wipe": "ask",
    }
    assert lines(reading) == [
        f"{FIXER}:10: warning: `mdm.wipe` is destructive and is never `allow`. It will be `ask`; write `ask`."
    ]


def test_all_mistakes_are_shown_at_once(tmp_path: Path) -> None:
    """Reading goes on after the first."""
    changes = {**changed(SPACE, "prefix: IT", "prefix: i"), **changed(FIXER, "skills: [slow]", "skills: [x]")}

    assert len(read(tmp_path, changes).errors) == 2


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    """Also one that is called like a file of the workforce."""
    outside = tmp_path / "outside.md"
    outside.write_text("secret plans")
    root = write(tmp_path / "wf")
    (root / "knowledge" / "plans.md").symlink_to(outside)

    reading = read_workforce(root)

    assert lines(reading) == [
        "knowledge/plans.md:1: it leads out of the workforce folder. Put the file itself here instead of a link."
    ]


def test_a_missing_folder_is_a_problem_not_a_crash(tmp_path: Path) -> None:
    """The remedy says where to get one."""
    assert "there is no folder" in lines(read_workforce(tmp_path / "nowhere"))[0]


BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{b}: &{b} [*{a}, *{a}, *{a}, *{a}, *{a}, *{a}, *{a}, *{a}, *{a}, *{a}]\n"
    for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (BOMB, "it holds more than 20,000 values once aliases are written out"),
        ("a: &a [*a]", "it is nested too deeply"),
        ("[" * 5000, "it is nested too deeply"),
        ("a: 1\na: 2", "the key `a` stands here twice (first on line 1)"),
        ("a: !!python/object/apply:os.system [id]", "the tag or merge key `python/object/apply:os.system` is not allowed"),
        ("a: &x {b: 1}\nc: {<<: *x}", "the merge key `<<` is not allowed"),
        ("{[a]: b}", "a key is a list or a map"),
        ("a: [b", "this is not YAML: expected ',' or ']', but got '<stream end>'"),
        ("x: " + "y" * 1_000_001, "the file is larger than 1 MB"),
        ("a: \x00", "this is not YAML"),
        ("a:\n\tb: 1", "this is not YAML: a tab stands where only spaces may"),
        ('a: "b\nc: d', "this is not YAML: a quote that begins on this line never ends"),
    ],
)  # fmt: skip
def test_hostile_yaml_is_a_problem(text: str, expected: str) -> None:
    """Bombs, loops, tags and doubles are refused in words, quickly."""
    problems = Problems()

    assert read_tree(text, "x.yaml", problems) is None
    assert [expected] == [problem.what[: len(expected)] for problem in problems.found()]


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_no_text_makes_the_reader_fail(text: str) -> None:
    """Any text is either a tree or a problem."""
    problems = Problems()

    tree = read_tree(text, "x.yaml", problems)

    assert tree is None or problems.found() == ()


@settings(max_examples=40, deadline=None)
@given(path=st.sampled_from(sorted(FILES)), at=st.integers(0, 400), junk=st.text(max_size=12))
def test_no_damage_to_a_file_makes_reading_fail(
    tmp_path_factory: pytest.TempPathFactory, path: str, at: int, junk: str
) -> None:
    """A damaged folder gives problems, never an exception."""
    text = FILES[path]
    at = min(at, len(text))
    safe = junk.encode("utf-8", "ignore").decode()

    reading = read(tmp_path_factory.mktemp("wf"), {path: text[:at] + safe + text[at + 3 :]})

    assert reading.workforce is not None or reading.errors
