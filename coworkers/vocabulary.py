"""Word lists: what says nothing about a team, what means the same at work, and what small talk consists of.

Data, not code. The meanings are general words of service desks, not those of one organisation: an organisation's own words come from its
workforce folder.
"""


def each(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


STOP_WORDS = each(
    """
    a able about above actually after afternoon again all already also always am an and another any anybody anymore
    anyone anything approve approved april are aren't around as ask asked asking at august bad be because been
    before began begin begins begun being between bit both break breaks broke broken but by came can can't cannot
    come completely contact contacted could couldn't currently day days december did didn't do does doesn't doing don't done dont down
    each else evening ever every everyone everything exactly february few finally find five for found four friday
    from further get gets getting give go goes going gone good got had happen happened happens has hasn't have
    haven't having he hello help her here hey hi him his hopefully hour how however i i'd i'll i'm i've if im in
    into is isn't issue issues it it's its itself january july june just keep keeps kind kindly know last lately
    later let like look lot made make makes manager many march may maybe me might minute minutes monday month months
    more morning most much must my myself need needs never next no nor not nothing november now october of off often
    ok old on once one only or other others our out over own part people per person please policies policy
    rule rules problem problems question
    questions quite rather really recently request right said same saturday say says see seem seems september
    several shall she should show shows since so some somebody somehow someone something soon still stuff such
    sunday take takes team tell ten than thank thanks that that's the their them then there these they thing things
    third this those though three through thursday time times to today today's together told tomorrow too totally
    tried try trying tuesday twice two under until up upon us use used uses using very via want wanted wants was
    wasn't way we we've wednesday week weeks well went were what what's when where which while who whom whose why
    will with within without won't wont work worked working works would wrong year years yesterday yet you you're
    your yours
    """
)
"""Words that say nothing about which team a text belongs to."""

GREETINGS = each(
    """
    afternoon anybody anyone bye cheers ciao evening goodbye greetings hallo hello hey heya hi hiya hola howdy
    morning night sup there yo
    """
)
"""Words of greetings."""

THANKS = each(
    """
    answers appreciate appreciated cheers danke gracias merci solved thank thanks thankyou thx ty
    """
)
"""Words of thanks."""

FILLERS = each(
    """
    a again ahead all always amazing an and are as at atom awesome back be been best big bot brilliant btw care cool
    day days deal do doing done dude everybody everyone excellent fantastic fine folks for forward friday from fun
    funny get glad go going gonna good got great guys haha hahaha happy hate have having he hear helpful hmm how i
    i'm im is it it's its job just kidding know later like liked lol lot love lovely ma'am mate me merry mind monday
    much my never new nice no nope not nothing now of oh ok okay on pal perfect please pretty really right same
    saturday see seen sir so sorry sounds sunday super sure take talk team test testing that that's the this
    thursday thx to today tomorrow tonight too tuesday ty understood up very wait was we wednesday weekend welcome
    well what's whatever wonderful work worked works worries wow xmas yeah year yep yes yesterday you you're your
    """
)
"""Other words that small talk is made of."""

MEANINGS = {
    "computer": (
        "laptop notebook macbook mac pc thinkpad desktop workstation chromebook ultrabook lenovo dell surface "
        "device imac tablet ipad"
    ),
    "phone": "smartphone mobile iphone android cellphone handset sim",
    "slow": (
        "sluggish slowly crawl laggy lag lagging freeze frozen froze unresponsive hang hanging performance "
        "slower slowness"
    ),
    "screen": "display monitor flicker flickering projector beamer hdmi",
    "peripheral": (
        "keyboard mouse trackpad touchpad keypad webcam camera headset headphone dock docking speaker "
        "microphone charger cable adapter usb"
    ),
    "battery": "charge charging unplugged accumulator",
    "disk": "storage drive ssd hdd ram memory",
    "boot": "startup reboot restart",
    "overheat": "fan hot overheating",
    "app": (
        "application program software tool excel word outlook zoom teams slack figma photoshop chrome browser "
        "crm salesforce jira powerpoint sharepoint onedrive dropbox confluence adobe firefox website page "
        "macro spreadsheet database repository github"
    ),
    "crash": "error quit crashing exception bug glitch",
    "install": "installation licence license update upgrade download",
    "password": "credential passphrase passcode pin",
    "signin": "login logon authenticator mfa 2fa otp sso",
    "account": "user username mailbox profile",
    "access": "permission right role authorisation authorization rights",
    "network": "wifi wlan vpn internet ethernet connection connect connectivity router bandwidth",
    "print": "printer scanner toner printing",
    "email": "mail inbox message signature attachment",
    "phish": (
        "phishing scam scammer suspicious spam fraud fraudulent spoofed fake strange weird odd legit impostor "
        "pretend impersonate bogus dodgy fishy giftcard"
    ),
    "malware": "virus trojan ransomware spyware antivirus infected bitcoin ransom popup",
    "hack": "hacked compromised breach intruder attacker takeover hijack unauthorised unauthorized tailgate stranger",
    "steal": "stolen theft stole burglary robbed thief",
    "leak": "leaked exposed confidential disclosure accidentally gdpr sensitive",
    "vulnerable": "vulnerability cve exploit pentest patch",
    "leave": "holiday vacation pto absence sabbatical maternity paternity parental bereavement",
    "sick": "ill illness sickness doctor unwell medical flu",
    "contract": "employment notice resign resignation probation employee quitting",
    "join": "onboard onboarding hire starter newcomer intern joiner recruit candidate",
    "offboard": "offboarding leaver termination exit",
    "benefit": "pension insurance perk dental health gym wellness retirement",
    "training": "course conference certification learning workshop career mentoring",
    "wellbeing": (
        "burnout burnt stress bully bullying harassment harass conflict grievance discriminate mental counselling"
    ),
    "letter": "reference certificate confirmation visa landlord mortgage",
    "review": "appraisal feedback promotion",
    "personal": "surname address married marriage wedding name birth dependant",
    "hours": "overtime shift parttime timesheet",
    "abroad": "remote relocation",
    "building": "office floor wall ceiling roof stair building site carpet basement alarm smoke extinguisher vending",
    "desk": "chair furniture ergonomic seat seating standing drawer",
    "room": "meeting conference boardroom booking reserve",
    "climate": "heating aircon hvac conditioning temperature cold freezing warm radiator draught draft stuffy",
    "water": "leaking leaks drip dripping plumbing flood tap sink",
    "toilet": "restroom bathroom loo washroom soap",
    "kitchen": "coffee fridge dishwasher microwave canteen kettle milk",
    "clean": "cleaning bin trash rubbish garbage dirty ant pest smell mice spill",
    "badge": "keycard fob",
    "door": "entrance gate lock window locker",
    "lift": "elevator escalator",
    "parcel": "package courier delivery post mailroom shipment ship",
    "parking": "garage car bike bicycle",
    "visitor": "guest reception",
    "light": "lamp bulb lighting",
    "move": "relocate",
    "expense": "reimbursement reimburse receipt mileage claim refund pocket allowance",
    "pay": "salary payslip payroll wage paycheck bonus paid payment deduction deducted payday",
    "tax": "vat w2 p60 taxed",
    "invoice": "bill billing creditnote",
    "supplier": "vendor contractor",
    "card": "creditcard amex",
    "purchase": "order procurement buy purchasing procure quote",
    "budget": "cost costcentre spend forecast",
    "travel": "trip flight hotel taxi train",
}
"""A word → other words for it, or for things that the same people look after."""

STRONG = frozenset({"phish", "malware", "hack", "steal", "leak"})
"""Meanings that decide what a text is about, whatever object they happen to."""

KINDS = {
    "technology": each(
        "computer phone slow screen peripheral battery disk boot overheat app crash install password signin account access "
        "network print email"
    ),
    "people": each("leave sick contract join offboard benefit training wellbeing letter review personal hours abroad"),
    "building": each(
        "building desk room climate water toilet kitchen clean badge door lift parcel parking visitor light move"
    ),
    "money": each("expense pay tax invoice supplier card purchase budget travel"),
    "safety": each("phish malware hack steal leak vulnerable"),
}
"""Meanings that one team usually looks after together."""
