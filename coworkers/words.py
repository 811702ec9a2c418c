"""From what people write to the words that routing compares: folded, lightly stemmed, and mapped to what they mean at work.

A service desk hears the same thing in many words (laptop, notebook, machine); the short list of meanings below stands for an embedding
model, at no cost and with the same result every time. Words outside the list are compared as they are, and by their letters.
"""

import re
import unicodedata
from functools import lru_cache

from coworkers.vocabulary import MEANINGS, STOP_WORDS, STRONG

_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
_VOWEL = re.compile(r"[aeiouy]")

_DEVICE = r"(laptop|notebook|macbook|computer|mac|phone|iphone|smartphone|mobile|tablet|ipad|device)"
_WORDLETS = r"(?:(?:work|company|business|new|old|office|corporate)\s)?"
COUNTRY = (
    r"(austria|australia|belgium|brazil|bulgaria|canada|croatia|cyprus|denmark|"
    r"egypt|estonia|finland|france|germany|greece|hungary|iceland|india|ireland|israel|italy|japan|kenya|latvia|lithuania|malta|"
    r"mexico|morocco|netherlands|new zealand|norway|poland|portugal|romania|serbia|singapore|slovakia|slovenia|south africa|spain|"
    r"sweden|switzerland|thailand|turkey|ukraine|the (netherlands|us|usa|uk|states|united states)|vietnam)"
)
"""Countries that people ask to work from, in lower case."""

_PHRASES = {
    r"\bwi[- ]fi\b": "wifi",
    r"\b(log|sign)(ged|ging|s|ned|ning)?[- ]?(in|on|into|ins)\b": "signin",
    r"\be-?mails?\b": "email",
    r"\b(entry|access|key|id|door|staff) (card|pass)s?\b": "badge",
    r"\bair[- ]?con(dition(ing|er))?s?\b|\bac unit\b": "aircon",
    r"\b(days?|time|weeks?|months?|afternoon|morning) off\b|\bannual leave\b": "vacation",
    r"\bcredit cards?\b": "creditcard",
    r"\bcost (centre|center)s?\b": "costcentre",
    r"\bpay ?(slip|stub|check|roll)s?\b|\bwage slips?\b": "payslip",
    r"\bnew (starter|hire|joiner|employee|colleague|recruit|team member)s?\b": "onboarding onboarding onboarding",
    r"\bmulti[- ]factor\b|\btwo[- ]factor\b": "mfa",
    r"\bpower ?points?\b": "powerpoint",
    r"\bback ?up(s)?\b": "backup",
    r"\bwork(ing)? from (home|abroad|another country)\b": "abroad",
    r"\bset ?up\b": "setup",
    r"\b(tele)?phoned\b|\brang me\b|\b(phone|voice) (calls?|messages?)\b|\b(over|by|via) (the )?phone\b": "caller",
    r"\b(put|add|include) (me|us) (in|into|to|on) (the )?(\w+ ){0,2}groups?\b": r"access \g<0>",
    r"\bgift ?(card|voucher)s?\b": "giftcard",
    r"\bpop-?ups?\b": "popup",
    r"\bcredit notes?\b": "creditnote",
    r"\b(i|we|you) (\w+ )?(never|not|didn't|haven't|hadn't|don't|did not|do not|had not|have not) "
    r"(order(ed)?|start(ed)?|request(ed)?|initiated?|ask(ed)? for|authori[sz]ed?|recogni[sz]e)\b": "suspicious",
    r"\b(not|never) (ordered|started|requested|initiated|authori[sz]ed) by (me|us|anybody)\b": "suspicious",
    rf"\b(lost|misplaced|nicked|snatched|pinched|swiped|grabbed) (my|the|our|his|her|a) ({_WORDLETS}){_DEVICE}\b": r"stolen theft \g<0>",
    rf"\bleft (my|the|our|his|her) ({_WORDLETS}){_DEVICE} (in|on|at)\b": r"stolen lost \g<0>",
    rf"\b(my|our|the) ({_WORDLETS}){_DEVICE} (got|was|is|has|went|has been|have been) "
    r"(lost|missing|nicked|snatched|gone|taken)\b": r"stolen theft \g<0>",
    rf"\b(cannot|can't|could not|couldn't) find my ({_WORDLETS}){_DEVICE}\b(?! \w+)": r"stolen theft \g<0>",
    rf"\bwork(ing)? (\w+ )?(from|in|out of) (abroad|overseas|another country|a different country|{COUNTRY})\b": "abroad",
    r"\b(expense|claim|reimbursed? for|claim back) (a|an|the|my)\b"
    r"|\bget (\w+ ){1,5}(reimbursed|refunded)\b": r"expense expense expense \g<0>",
    r"\b(by|on) (itself|its own)\b": "itself",
    r"\bpart[- ]time\b": "parttime",
    r"\b(is|are|who'?s) leaving\b|\bleaving the (company|organi[sz]ation|team|firm)\b": "offboarding leaver",
    r"\bleft (my|the|our|his|her) (\w+ ){1,3}(in|on|at)\b": r"lost \2",
    r"\bopened (an?|the) (\w+ )?attachment\b": "phishing attachment",
    r"\bclicked (on )?(an?|the|that|this) (\w+ )?link\b": "phishing link",
    r"\b(entered|typed|gave) (in )?my (password|credentials|pin|code)s?\b": "phishing password",
    r"\bsignin (to my \w+ )?from\b": "hacked signin",
    r"\b(wasn't|was not|isn't|not) me\b": "suspicious",
    r"\bpublic (repo|repository|channel|website)\b": "leaked",
    r"\b(to|with) the wrong (person|address|recipient|people|customer)\b": "leaked",
    r"\b(don't|do not|never) know (them|him|her|this person)?\b": "unknown",
    r"\b(third|second|first|fourth|fifth|ground|top) floor\b": "floor",
}
"""Several words that mean one."""


def fold(text: str) -> str:
    """Return the text in lower case, without accents and typographic quotes."""
    plain = unicodedata.normalize("NFKD", text.replace("\u2019", "'")).lower()
    return "".join(character for character in plain if not unicodedata.combining(character))


def words(text: str) -> list[str]:
    """Return the plain words of a text, in order, stop words included."""
    return _WORD.findall(fold(text))


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Return a word without its commonest endings; not linguistics, only the same for both sides."""
    word = word.removesuffix("'s").replace("'", "")
    if len(word) <= _SHORT or not word.isalpha():
        return word
    for ending, instead in _ENDINGS:
        base = word[: -len(ending)]
        if word.endswith(ending) and len(base) >= _SHORT and _VOWEL.search(base):
            return _undoubled(base) + instead
    return word


_SHORT = 3
_ENDINGS = (
    ("ies", "y"),
    ("sses", "ss"),
    ("ss", "ss"),
    ("ings", ""),
    ("ing", ""),
    ("edly", ""),
    ("ed", ""),
    ("es", ""),
    ("s", ""),
    ("ly", ""),
    ("e", ""),
)


def _undoubled(base: str) -> str:
    return base[:-1] if base[-1] == base[-2] and base[-1] not in "lsz" else base.removesuffix("e")


def _meanings() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for meaning, listed in MEANINGS.items():
        for word in dict.fromkeys(stem(word) for word in [meaning, *listed.split()]):
            found[word] = (*found.get(word, ()), meaning)
    return found


_MEANINGS_OF = _meanings()
KNOWN_WORDS = tuple(sorted({word for meaning, listed in MEANINGS.items() for word in [meaning, *listed.split()]}))
"""Every word of the list, for whoever mends spelling."""


def terms(text: str) -> list[str]:
    """Return what a text is about: stems without stop words, with `=meaning` after each word whose meaning is known."""
    folded = fold(text)
    for pattern, instead in _PHRASES.items():
        folded = re.sub(pattern, f" {instead} ", folded)
    found = []
    for word in _WORD.findall(folded):
        if word in STOP_WORDS or word.isdigit():
            continue
        stemmed = stem(word)
        found.append(stemmed)
        for meaning in _MEANINGS_OF.get(stemmed, ()):
            found += [f"={meaning}"] * (3 if meaning in STRONG else 1)
    return found


def letters(text: str) -> list[str]:
    """Return the runs of three and four letters inside each word that says something."""
    found = []
    for word in words(text):
        if word in STOP_WORDS or word.isdigit():
            continue
        padded = f"<{word}>"
        found += [padded[at : at + size] for size in (3, 4) for at in range(len(padded) - size + 1)]
    return found
