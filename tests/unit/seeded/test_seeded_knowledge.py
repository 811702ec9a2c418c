"""The seeded policy pages answer what people ask, in the right section, with the search that Deskmate has without a model."""

import pytest

from adapters.knowledge.sections import Sections
from tests.unit.seeded.scene import workforce

LONGEST_SECTION = 900
"""Characters that still read well in a chat reply."""


@pytest.mark.parametrize(
    ("question", "document", "section"),
    [
        ("how many days of annual leave do we get", "leave.md", "Annual leave"),
        ("can unused days be carried over", "leave.md", "Carry-over"),
        ("when is a doctor's note needed", "leave.md", "Sickness"),
        ("what may I spend on a hotel in Lisbon", "expenses-and-invoices.md", "Limits for hotels and meals"),
        ("may I fly business class", "expenses-and-invoices.md", "Trains and flights"),
        ("what is the mileage rate for my own car", "expenses-and-invoices.md", "Mileage"),
        ("where do suppliers send invoices", "expenses-and-invoices.md", "Supplier invoices"),
        ("can I work from abroad", "remote-work-and-vpn.md", "Working from abroad"),
        ("how long must a password be, how many characters", "passwords-and-mfa.md", "Passwords"),
        ("what do I do about prompts that I did not start", "passwords-and-mfa.md", "Prompts that you did not start"),
        ("what is the guest network", "visitors-and-badges.md", "Guest network"),
        ("how do I report a security incident", "security-incidents.md", "How to report"),
        ("deadlines for vulnerabilities", "security-incidents.md", "Vulnerabilities and deadlines"),
        ("what happens on the first day", "onboarding.md", "The first day"),
        ("when do I get a new laptop", "laptop-refresh.md", "When you get a new laptop"),
    ],
)
async def test_a_question_finds_its_section(question: str, document: str, section: str) -> None:
    """The section is among the two that fit best, so that an answer can cite it."""
    found = await Sections(workforce().knowledge).search(question, 2)

    assert (document, section) in [(passage.document, passage.section) for passage in found]


def test_every_page_has_a_title_an_owner_and_short_sections() -> None:
    """Pages are quoted section by section in chat, and somebody must be asked when one is out of date."""
    for document in workforce().knowledge:
        title, *parts = document.text.split("\n## ")

        assert title.startswith("# "), document.path
        assert "" == title.partition("\n")[2].strip(), "text under the title would be found before the sections"
        assert parts[-1].startswith("Owner\n"), document.path
        assert len(parts) >= 5, document.path
        assert [] == [part.partition("\n")[0] for part in parts if len(part) > LONGEST_SECTION]
