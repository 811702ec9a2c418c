"""Which addresses may be put into a Markdown link as they are: what comes from outside could end the link and begin another."""

_BREAKS_OUT = frozenset(" <>|()[]*`\\\"'")


def plain_link(address: str) -> bool:
    """Tell whether `address` is an https address without anything that has a meaning in Markdown or in Slack's markup."""
    return address.startswith("https://") and address.isprintable() and not set(address) & _BREAKS_OUT
