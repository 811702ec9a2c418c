"""Words that say nothing by themselves: shared by any two notes about any two requests."""

_FUNCTION_WORDS = """
a about above after again against all almost already also although always am an and another any anybody anyone anything are aren't
around as ask asked at away back be because been before being below between both but by came can can't cannot could couldn't did
didn't do does doesn't doing don't done down due during each either else enough even ever every everything few first for from
further get gets getting give given go goes going gone got had hadn't has hasn't have haven't having he her here hers him his how
however i i'd i'll i'm i've if in into is isn't it it's its itself just keep kept know last later least less let lets like likely
long look looking made make makes making many may maybe me might mine more most much must my near need needed needs never new next
no nobody none nor not nothing now of off often on once one only onto or other others our ours out over own per perhaps please put
rather really right said same say says see seen several shall she should shouldn't since so some somebody someone something
sometimes soon still such sure take taken takes tell than thank thanks that that's the their theirs them then there there's these
they they're thing things think this those though through till to today together told tomorrow too took two under unless until up
upon us use used using usually very via want wants was wasn't way we we'd we'll we're we've well were weren't what what's when
where whether which while who whom whose why will with within without won't would wouldn't yes yesterday yet you you'd you'll
you're you've your yours yourself hello hi dear kind regards best sorry welcome
"""
_DESK_WORDS = """
access account accounts active activity agent app application apps available case check checked checking checks colleague colleagues
computer confirm contact day days details device error errors file files fix fixed found happen happened happening happens help hour
hours information install installed issue issues laptop let log login logs mail message messages minute minutes moment network note
noticed number office open opened password phone problem problems reply report reported request requests requester restart result
run running screen seeing security send sent service set settings show shows sign signed slow software start started status steps
still support system team teams ticket time times tool trouble try trying update updated updates user users wait waiting week work
working works workspace
"""
ORDINARY: frozenset[str] = frozenset(_FUNCTION_WORDS.split()) | frozenset(_DESK_WORDS.split())
"""Function words, and what every service desk talks about; folded."""

ORDINARY_NAMES: frozenset[str] = frozenset(
    [
        "office365",
        "microsoft365",
        "m365",
        "o365",
        "sha256",
        "sha1",
        "md5",
        "oauth2",
        "oauth",
        "saml2",
        "win10",
        "win11",
        "windows10",
        "windows11",
        "ipv4",
        "ipv6",
        "base64",
        "http2",
        "utf8",
        "mp3",
        "mp4",
        "log4j",
        "wifi6",
        "wpa2",
        "wpa3",
        "tls12",
        "tls13",
        "usb2",
        "usb3",
        "usbc",
        "2fa",
        "macos12",
        "macos13",
        "macos14",
        "macos15",
        "macos26",
        "ios17",
        "ios18",
        "ios26",
        "802.1x",
        "24x7",
        "24/7",
        "h264",
        "h265",
        "covid19",
        "iso27001",
        "soc2",
        "pm2",
        "ec2",
        "s3",
        "k8s",
        "e-mail",
        "node.js",
        "vue.js",
        "microsoft.com",
        "office.com",
        "apple.com",
        "google.com",
        "slack.com",
        "zoom.us",
        "github.com",
        "okta.com",
        "adobe.com",
        "teams.microsoft.com",
        "support.microsoft.com",
        "support.apple.com",
        "login.microsoftonline.com",
        "outlook.office.com",
    ]
)
"""Names with digits or dots that are no secret anywhere; folded."""
