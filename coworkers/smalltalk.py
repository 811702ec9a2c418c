"""What is no request at all: greetings, thanks, questions about Atom, and what people ask any chat bot for.

Patterns rather than similarity, because these messages are short and look like each other, not like work. A greeting in front of a real
request does not count: every word of the message has to be small talk.
"""

import re

from bot.wording.offline import Talk
from coworkers.vocabulary import FILLERS, GREETINGS, THANKS
from coworkers.words import fold, words

_ABOUT = re.compile(
    r"\b(what('?s| is) your (name|job|purpose|role)|who (are|made|built|created|"
    r"owns|programmed) you|who am i (talking|speaking|chatting) (to|with)"
    r"|are you (an? )?(robot|bot|human|person|ai|real|machine|chatgpt|alive|there)|"
    r"what (can|do) you do|what are you( for)?\b(?! (doing|going))"
    r"|how (can|could|do) you (help|work)|what (can|could) i ask|do you (sleep|"
    r"dream|have feelings|speak)|where are you from|how old are you)"
)
_CHAT = re.compile(
    r"\b(tell|know|say|sing|write|compose|make up|give) (me |us )?(an? |another |"
    r"some )?([a-z]+ )?(jokes?|poems?|songs?|story|stories|haiku|essay|limerick|"
    r"riddles?|fun facts?|rap|novel|lyrics|"
    r"cover letter|recipes?|compliment)\b|\bsing\b|\bjokes?\b|\bpoems?\b|\bhaiku\b|\brecipes?\b"
    r"|\bcapital (city )?of\b|\bpresident of\b|\bprime minister\b|\bking of\b|"
    r"\bpopulation of\b|\b(who|which \w+) (won|invented|discovered|wrote|painted|"
    r"sang)\b"
    r"|\bweather\b|\bhoroscope\b|\blottery\b|\b(world cup|super bowl|football|"
    r"soccer|basketball|olympics|champions league|tennis match)\b"
    r"|\btranslate\b|\bhow do (you|i) say\b|\bmeaning of life\b|\b(solve|calculate|"
    r"integrate)\b|\b\d+ (times|plus|minus|divided by|x) \d+\b|\b\d+ ?[-+*/^] ?\d+ ?(=|"
    r"\?|$)|\bsquare root\b"
    r"|\bshould i (buy|sell|invest|marry|vote|date|eat|watch|wear|learn)\b|\b(buy|"
    r"invest in|price of) (bitcoin|crypto|ethereum|stocks?|gold)\b|\bstock (price|"
    r"market)\b"
    r"|\brecommend (me )?(a|an|some|any) (\w+ )?(film|movie|book|series|show|"
    r"restaurant|song|band|game|podcast|wine|bar)s?\b|\b(good|best|nice) (film|"
    r"movie|restaurant|sushi|pizza|bar|pub|series)\b"
    r"|\bwhat do you think (about|of)\b|\bwhat('s| is) your (favou?rite|opinion)\b|"
    r"\bdo you (like|love|believe)\b|\bplay (a game|chess|music)\b"
    r"|\b(explain|teach me|tell me about|what is|who was|who is|history of|summari[sz]e) (the )?(quantum|"
    r"relativity|physics|einstein|napoleon|shakespeare|photosynthesis|black holes?|"
    r"universe|evolution|"
    r"roman empire|world war|french revolution|dinosaurs?|machine learning|blockchain|"
    r"philosophy)\b|\bhow (old|big|far|tall|deep|high|heavy|fast) (is|are|was) (the|"
    r"a|an)\b"
    r"|\b(itinerary|homework|dating|girlfriend|boyfriend|birthday present|dinner ideas|"
    r"workout plan|diet plan|write (some )?(python|java|javascript|code))\b|\bholiday in (rome|"
    r"paris|italy|spain|greece)\b"
    r"|\bi love you\b|\bmarry me\b|\btell me something\b|\bname (two|three|four|"
    r"five|ten|some|a few)\b|\bthe next (train|bus)\b"
    r"|\b(order|bring|get|make) (me )?(a |an |some )?(pizza|food|lunch|dinner|"
    r"sushi|burger|beer|coffee)\b|\bdinner (ideas|tonight)\b|\ba table for\b|"
    r"\bfor my (mum|mom|dad|wife|husband|kids?|son|dog|cat)\b"
    r"|\bto (mars|the moon)\b|\bmy (dog|cat|ex)\b|\bi'?m (bored|hungry|tired|happy|sad)\b"
)
_WITHDRAWN = re.compile(
    r"^\W*(sorry,? )?(never ?mind|forget it|wrong (chat|channel|person|window)|(please )?ignore (my|this|that|the)\b)"
)
_WORK = re.compile(
    r"\b(problems?|issues?|trouble|broken|broke|fix|repair|fails?|failed|failing|"
    r"errors?|stopped|crash\w*|doesn'?t|don'?t|isn'?t|won'?t|can'?t|cannot|unable|"
    r"not (work\w*|possible|responding)|"
    r"help|support|assist\w*|ticket|request|urgent\w*|asap|need|missing|lost|"
    r"damaged|complain\w*|somebody from|someone from|contact me|call me|arrange|"
    r"organi[sz]e|set up|approve)\b"
)
_PLEA = re.compile(r"\b(please|help|support|assist\w*|ticket|somebody|someone)\b")
_WISH = re.compile(r"\b(need|want|would like|'d like|could (you|we|i)|can (you|we|i)|looking for|request)\b")
_OURS = re.compile(r"\b(i|i'm|im|i've|i'd|i'll|my|mine|me|we|our|us|we're|we've|ours|team|office|company)\b")
_QUESTION = re.compile(
    r"^\W*(hi |hello |hey )?(what|who|whom|whose|which|where|when|why|how|is|"
    r"are|was|were|do|does|did|can|could|may|should|will|would)\b"
)

_SOMEBODY = (
    r"(?:(?:a|an|the|some|any|another|one of your|your) )?(?:(?:real|actual|live|human|proper|support|service|it|hr) )*"
    r"(?:humans?(?: being)?|persons?|people|agents?|representative|operator|somebody|someone|anybody|anyone|colleague)\b"
)
_HUMAN = re.compile(
    rf"\b(?:talk|speak|chat) (?:to|with) {_SOMEBODY}"
    rf"|\b(?:connect|put|transfer|forward|pass) me (?:on |through |over )?(?:to|with) {_SOMEBODY}"
    r"|\b(?:want|need|prefer|get me|give me|like|is there) (?:an? |any )?(?:(?:real |live |actual )(?:human|person|agent)|human|agent|"
    r"representative)\b"
    r"(?: being| agent)?\W*(?:please|now|for this|here|instead)?\W*$"
    r"|^\W*(?:an? )?(?:(?:real|live|actual) )?(?:human|agent|person|operator)(?: being)?\W*(?:please)?\W*$|\bno (?:more )?(?:ro)?bots?\b"
)


def small_talk(text: str) -> Talk | None:
    """Return what kind of small talk a message is; None when it is something else, or more."""
    found = words(text)
    if not found:
        return "chat"
    plain = fold(text)
    if _WITHDRAWN.search(plain) and len(found) <= _SHORT:
        return "chat"
    if _ABOUT.search(plain) and len(found) <= _SHORT:
        return "about"
    if all(word in GREETINGS or word in FILLERS or word in THANKS for word in found):
        if any(word in THANKS for word in found):
            return "thanks"
        return "greeting" if any(word in GREETINGS for word in found) else "chat"
    return None


def idle_chat(text: str) -> bool:
    """Tell whether a message asks for what people ask any chat bot: jokes, poems, general knowledge."""
    return _CHAT.search(fold(text)) is not None


def sounds_like_work(text: str) -> bool:
    """Tell whether something is wrong or wanted, whatever it is about."""
    return _WORK.search(fold(text)) is not None


def concerns_us(text: str) -> bool:
    """Tell whether the writer speaks of themselves, their team or the company."""
    return _OURS.search(fold(text)) is not None


def asks_somebody(text: str) -> bool:
    """Tell whether somebody is asked to help."""
    return _PLEA.search(fold(text)) is not None


def wishes(text: str) -> bool:
    """Tell whether something is wanted."""
    return _WISH.search(fold(text)) is not None


def wants_human(text: str) -> bool:
    """Tell whether somebody asks to speak to a human."""
    return _HUMAN.search(fold(text)) is not None


def without_plea(text: str) -> str:
    """Return a text without the words that ask for a human."""
    return _HUMAN.sub(" ", fold(text))


def is_question(text: str) -> bool:
    """Tell whether a message is put as a question."""
    return _QUESTION.search(fold(text)) is not None or text.rstrip().endswith("?")


_SHORT = 14
"""Words: a longer message that asks who we are wants something else too."""
