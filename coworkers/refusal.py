"""How a refusal leaves a transaction, so that all that the refused call had written is undone.

The run loop catches it, and does the transaction again with that call recorded as refused.
"""


class RefusedCall(Exception):  # it carries a refusal out of a transaction, so that all of it is undone
    """A desk call broke a rule after something was written; do it all again with the call refused."""

    def __init__(self, call_id: str, sentence: str) -> None:
        super().__init__(sentence)
        self.call_id = call_id
        self.sentence = sentence
