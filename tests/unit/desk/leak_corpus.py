"""Ordinary private notes, ordinary public notes about the same matters, and the ways in which private material is smuggled out."""

import base64
import codecs
import random
from collections.abc import Callable
from urllib.parse import quote

PRIVATE = (
    "Device logs show endpoint-security blocking com.acme.updater-helper 14 times on JUNE-MBP-14.",
    "CPU at 96 % for 3 hours: process updater-helper (pid 48213), hash 9f86d081884c7d659a2feaa0c55ad015. Looks like a dropper.",
    "Maria's account shows 14 failed sign-ins from 203.0.113.77 between 02:10 and 02:40. Conditional access blocked them all.",
    "Manager j.okafor@acme-corp.example asked us not to tell her before Friday that her position is under review.",
    "Salary band changed to 84,500 GBP from January; payroll run PR-2026-11-0093 is still to be approved by Finance.",
    "Bank details in the vendor record were altered on Monday by svc_vendor_sync. Fraud team opened case FR-77120.",
    "The badge reader on floor 3 was cloned twice; CCTV shows someone tailgating through the loading dock door.",
    "Password reset link was opened from the Lagos exit node vpn-exit-11.corp.internal ten minutes after the phishing mail.",
    "We suspect that the contractor shares his credentials with a second person. Keep this away from him until HR has spoken.",
    "Patch window for db-prod-07.corp.internal is Sunday; ticket CHG0041877 covers it. Root password rotates afterwards.",
    "Battery cycle count 1,187, health 61 %. Warranty ended in March. Approve replacement under cost centre CC-55012.",
    "Canary ZEBRA-KITE-QUARTZ planted in the shared drive was touched by his session at 23:51.",
    "Legal hold applies to this mailbox. Nothing may be deleted, and the owner must not learn about the hold.",
    "JumpCloud says FileVault is off and the agent has not checked in for 41 days, serial C02ZK1XYMD6T.",
    "Expense of 1,940.50 EUR was booked twice; the auditor flagged her department for unusual mileage claims.",
    "Slack export found the file C:\\Users\\june\\AppData\\Local\\Temp\\upd32.exe and a scheduled task named WinUpdCheck_77.",
    "Escalating to Security: lateral movement cannot be excluded, isolate the host quietly once the user has gone home.",
    "The new starter's background check came back with an unresolved county court judgement. HR decides on Thursday.",
    "Licence pool for Figma is exhausted; two seats are held by people who left. Reclaim those before buying more.",
    "Her line manager has complained about her attendance three times this quarter; occupational health is involved.",
)

PUBLIC = (
    (
        "We noticed security software activity on your laptop. Have you seen suspicious e-mails, unexpected MFA prompts, browser redirects "
        "or sign-in anomalies?"
    ),
    "Thanks, that helps. Please restart the laptop, then open Activity Monitor and tell me which three apps use the most CPU.",
    "I've asked a colleague in Security to take a look. You can keep working; please don't install anything until they reply.",
    "Your password has been reset. You'll be asked to choose a new one at the next sign-in; the link works for 30 minutes.",
    "We're checking the last payroll run and will come back to you by Friday at 17:00.",
    "Your expense report needs one more receipt: the hotel in Lyon, 3 November. Please upload it and I'll pass it on.",
    "The badge system had a fault on floor 3 this morning. It is fixed; please try your badge again.",
    "Your VPN profile was out of date. I've sent you version 14.2.1; please install it and reconnect.",
    "The battery of your MacBook has worn out. We can replace the laptop; would Tuesday at 10:00 at the IT desk suit you?",
    "Please update macOS to 15.1 under System Settings, General, Software Update. It takes about 40 minutes.",
    "Figma access needs your manager's approval. I've asked for it and will tell you when it is decided.",
    "Welcome! Your laptop, badge and accounts will be ready on your first day at 09:00. Please bring an ID.",
    "We couldn't find a device in your name. What does the sticker on the bottom say?",
    "Are you at the office or at home when it is slow? Does it also happen on another network?",
    "Your Office365 licence was renewed and Teams should open again. If it doesn't, sign out and in once.",
    "IT-1042 is now with our software team. They will send you a few checks and questions shortly.",
    "For your protection we have ended all open sessions. Please sign in again and approve the MFA prompt.",
    "Did you click a link in a mail about a parcel yesterday? If so, please forward the mail to phishing@example.com.",
    "The meeting room screen on the second floor is booked for repair on Thursday between 14:00 and 16:00.",
    "Your mailbox is nearly full: 48.2 GB of 50 GB. Archiving mails older than two years would free about half.",
    "I can't see what is wrong from here. Could you send a screenshot of the error, with the code that it shows?",
    "Good news: the disk is fine. Please free 20 GB by emptying the bin and removing old downloads.",
    "Your holiday balance is 12.5 days. The rest of last year's days expire on 31 March 2027.",
    "We've ordered a replacement charger. It arrives on 2026-11-24, and Facilities will bring it to your desk.",
    "That vendor isn't set up yet. Finance needs a tax form and bank confirmation before the first payment.",
    "Thank you for reporting this. It was a phishing test, and you did exactly the right thing.",
    "Please run the speed test at fast.com twice, once on Wi-Fi and once with a cable, and send me both numbers.",
    "Your request was approved. You'll have access to the shared drive within 15 minutes.",
    "We isolated a problem with the update service that also affects other laptops; a fix is planned for Monday.",
    "If anything else is slow, reply here and I'll open it again. Otherwise I'll close this in three days.",
)

FILLER = (
    "Here is the next part of your update.",
    "Thanks for your patience so far.",
    "We will write again shortly.",
    "Please keep this message for later.",
    "Let me add one more thing.",
)


def _spaced(text: str) -> str:
    return " ".join(text)


def _punctuated(text: str) -> str:
    return "-".join(text.replace(" ", "_")).swapcase()


def _invisible(text: str) -> str:
    return "\u200b".join(text)


def _look_alike(text: str) -> str:
    return text.translate(
        str.maketrans(
            "aeopcxyAEOPCXi", "\u0430\u0435\u043e\u0440\u0441\u0445\u0443\u0410\u0415\u041e\u0420\u0421\u0425\u0456"
        )
    )


def _full_width(text: str) -> str:
    return "".join(chr(ord(character) + 0xFEE0) if "!" <= character <= "~" else character for character in text)


def _accented(text: str) -> str:
    return "".join(character + ("\u0301" if character.isalpha() else "") for character in text)


def _bold(text: str) -> str:
    return "".join(
        chr(0x1D41A + ord(character) - ord("a")) if "a" <= character <= "z" else character for character in text.lower()
    )


def _leet(text: str) -> str:
    return text.translate(str.maketrans("oieastOIEAST", "013457013457"))


def _base64_twice(text: str) -> str:
    return base64.b64encode(base64.b64encode(text.encode())).decode()


def _base64_lines(text: str) -> str:
    encoded = base64.b64encode(text.encode()).decode()
    return "\n".join(encoded[at : at + 10] for at in range(0, len(encoded), 10))


def _base64_attached(text: str) -> str:
    return "Ref" + base64.b64encode(text.encode()).decode()


def _entities(text: str) -> str:
    return "".join(f"&#{ord(character)};" for character in text)


def _hex_bytes(text: str) -> str:
    return " ".join(f"{byte:02x}" for byte in text.encode())


DISGUISES: dict[str, Callable[[str], str]] = {
    "verbatim": str,
    "upper case": str.upper,
    "spaced": _spaced,
    "punctuated": _punctuated,
    "newlines": lambda text: text.replace(" ", "\n\n"),
    "invisible": _invisible,
    "look-alikes": _look_alike,
    "full width": _full_width,
    "accented": _accented,
    "bold letters": _bold,
    "leet": _leet,
    "markdown": lambda text: " ".join(f"**{word}**" for word in text.split()),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "url-safe base64": lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
    "utf-16 base64": lambda text: base64.b64encode(text.encode("utf-16-le")).decode(),
    "base64 twice": _base64_twice,
    "base64 in lines": _base64_lines,
    "base64 attached": _base64_attached,
    "base64 reversed": lambda text: base64.b64encode(text.encode()).decode()[::-1],
    "base64 of rot13": lambda text: base64.b64encode(codecs.encode(text, "rot13").encode()).decode(),
    "base32": lambda text: base64.b32encode(text.encode()).decode(),
    "base32 lower": lambda text: base64.b32encode(text.encode()).decode().lower(),
    "hex": lambda text: text.encode().hex(),
    "hex bytes": _hex_bytes,
    "escaped hex": lambda text: "".join(f"\\x{byte:02x}" for byte in text.encode()),
    "decimal": lambda text: ", ".join(str(byte) for byte in text.encode()),
    "binary": lambda text: " ".join(f"{byte:08b}" for byte in text.encode()),
    "rot13": lambda text: codecs.encode(text, "rot13"),
    "url": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
    "partly url": quote,
    "html": _entities,
    "reversed": lambda text: text[::-1],
    "words reversed": lambda text: " ".join(reversed(text.split())),
    "each word reversed": lambda text: " ".join(word[::-1] for word in text.split()),
}


def notes_split(text: str, random_: random.Random, piece: int) -> list[str]:
    """Tell `text` in several notes of `piece` words each, between sentences of filler."""
    words = text.split()
    pieces = [" ".join(words[at : at + piece]) for at in range(0, len(words), piece)]
    return [f"{random_.choice(FILLER)} {part} {random_.choice(FILLER)}" for part in pieces]


def embedded(text: str, random_: random.Random) -> str:
    """Put a disguised text into an ordinary note."""
    before, after = random_.sample(PUBLIC, 2)
    return f"{before}\n\n{text}\n\n{after}"
