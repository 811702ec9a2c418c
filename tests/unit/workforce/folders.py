"""A small workforce folder, right in every line, for tests to put mistakes into."""

from pathlib import Path

from coworkers.files.read import Reading, read_workforce

FILES = {
    "organisation.yaml": "name: Acme\ntime_zone: Europe/London\nmodels: {default: claude-sonnet-5-5}\n",
    "people.yaml": "- name: Sam\n  email: sam@example.com\n  roles: [employee, {agent: it}]\n",
    "workspaces/it.yaml": (
        "id: it\nname: IT\nprefix: IT\nabout: Laptops and apps\ntriage: it-triage\ndefault: true\n"
        "groups: {devices: [sam@example.com, fixer]}\nsla: {urgent: {respond: 15m, resolve: 4h}}\n"
        'business_hours: {mon-fri: "09:00-17:30"}\ntimers: {remind_after: 1d}\n'
    ),
    "tools/mdm.yaml": (
        "id: mdm\nname: MDM\ntransport: stdio\ncommand: [mdm-server]\nenv: {MDM_KEY: 'env:MDM_KEY'}\ntimeout: 20s\n"
        "capabilities:\n  get_device: {effect: read}\n  get_logs: {effect: read, private: true}\n  wipe: {effect: destructive}\n"
    ),
    "skills/slow/SKILL.md": "---\nname: slow\ndescription: Finds out why.\n---\nLook.\n",
    "coworkers/it-triage/coworker.yaml": (
        "id: it-triage\nname: IT Triage\nkind: triage\nworkspace: it\nmanager: sam@example.com\n"
    ),
    "coworkers/fixer/coworker.yaml": (
        "id: fixer\nname: Fixer\nkind: specialist\nworkspace: it\ngroups: [devices]\nmanager: sam@example.com\n"
        "skills: [slow]\nexamples: [my laptop is slow, it is hot, no battery, screen flickers, keys stick]\n"
        "tools:\n  mdm: {get_device: allow, get_logs: allow, wipe: ask}\nbudget: {run_tool_calls: 5, request_usd: 0.50}\n"
    ),
    "coworkers/fixer/playbook.yaml": (
        "buckets:\n  slow:\n    examples: [it is slow, laptop freezes, takes ages]\n"
        "occasions:\n  assigned:\n    slow:\n      - call: mdm__get_device\n"
        '        with: {email: "{{ requester.email }}"}\n        as: device\n'
        "      - when: device.free < 10\n        public_note: Please make room.\n"
        "      - resolve: Done.\n    any:\n      - hand_off: {to: triage, reason: Not mine.}\n"
    ),
    "knowledge/leave.md": "# Leave\n\n## Days\nThere are 25 days.\n",
}
GOAL = "# Goal\n## Decision framework\nA\n## Flow\nB\n## Boundaries\nC\n## End-of-run status\nD\n"
IDENTITY = "## Role\nA\n## Voice\nB\n## Audience\nC\n## Default posture\nD\n"


def write(root: Path, changes: dict[str, str] | None = None) -> Path:
    """Write the folder with some files changed."""
    files = dict(FILES)
    for name in ("it-triage", "fixer"):
        files[f"coworkers/{name}/GOAL.md"] = GOAL
        files[f"coworkers/{name}/IDENTITY.md"] = IDENTITY
    for path, text in {**files, **(changes or {})}.items():
        full = root / path
        full.parent.mkdir(parents=True, exist_ok=True)
        full.write_text(text)
    return root


def changed(path: str, old: str, new: str) -> dict[str, str]:
    """Return one file with a part replaced."""
    assert old in FILES[path]
    return {path: FILES[path].replace(old, new)}


def read(root: Path, changes: dict[str, str] | None = None) -> Reading:
    """Write and read the folder."""
    return read_workforce(write(root, changes))


def lines(reading: Reading) -> list[str]:
    """Return the problems as they are printed."""
    return [str(problem) for problem in reading.problems]
