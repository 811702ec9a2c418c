"""What is said about how it went: the survey after a resolution, and the judgement of an answer."""

SCORES = {1: "1 – bad", 2: "2", 3: "3", 4: "4", 5: "5 – very good"}
"""Score → what its button says."""
COMMENT = "Add a comment"
HELPFUL = "This helped"
UNHELPFUL = "This didn't help"
OPEN_REQUEST = "Open a request"
NOT_YOURS = "only the one whom the request is for can say how it went."
NO_SCORE = "a score is a number from 1 to 5."
SCORE_FIRST = "choose a score from 1 to 5 first; then a comment can be added."
EMPTY = "the comment is empty; write a sentence."
NO_ANSWER = "this is no answer of mine that can be judged here."


def asked(sentence: str) -> str:
    """Ask how it went, behind the sentence that it is resolved."""
    return f"{sentence}\n\nHow did it go, from 1 (bad) to 5 (very good)?"


def thanks(number: str, score: int) -> str:
    """Take the place of the question once it is answered."""
    return f"Thank you. You gave {number} {score} of 5."


def commented(number: str, score: int) -> str:
    """Take the place of the thanks once a comment was given."""
    return f"Thank you. You gave {number} {score} of 5, and the team reads your comment."


def comment_for_colleagues(number: str, score: int, text: str) -> str:
    """Tell colleagues what the requester wrote about how it went."""
    return f"The requester's comment on {number} ({score} of 5): {text}"


def low_score(score: int) -> str:
    """Say why a human is called."""
    return f"The requester gave its resolution {score} of 5."


def low_score_notice(number: str, score: int, *, reopened: bool) -> str:
    """Tell the manager of a low score; never what it was about."""
    after = "It is open again and waits for a person." if reopened else "Look at what happened, and write to them."
    return f"{number} got {score} of 5 from its requester. {after}"


def asked_for_help() -> str:
    """Say why a human is called."""
    return "The requester pressed “I still need help”."


def asks_again(number: str, reason: str) -> str:
    """Tell whoever has the request already that the requester wants more, and why."""
    return f"**{number} needs a human again.** {reason} Write here with `reply:` to answer."


def feedback(*, helpful: bool) -> str:
    """Thank for a judgement of an answer."""
    if helpful:
        return "Thank you, good to know."
    return "Thank you, I'll take that to heart. Tell me more here, or open a request and a person or coworker will look at it."
