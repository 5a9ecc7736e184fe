"""The page of docs/ that says which role may do what, written from the code."""

from order_api.access.actor import NEEDED_FOR_DECISION, NOT_BY_WHO_ASKED, PERMISSIONS
from order_api.access.permission_words import IN_WORDS
from order_api.words import Role

INTRODUCTION = """# Permissions

For operators and supervisors. A user and an API key have one role, and the role says what they may do in the API and
the console. A user may be limited to some collections; an API key sees the orders of one collection, and the key of a
channel only those of that channel.
`order-service permissions` writes this page from the code.

"""
DECISIONS = """
# Decisions in queues

Each person to whom Tasklist offers a task may take its other decisions. These need a permission. Where the last column
says so, the person who asked must leave the decision to another one.

"""
YES, NO = "yes", "–"


def permissions_text() -> str:
    return INTRODUCTION + _table(["Act", *(f"`{role}`" for role in Role)], _acts()) + DECISIONS + _decisions()


def _acts() -> list[list[str]]:
    return [
        [_capitalized(words), *(YES if permission in PERMISSIONS[role] else NO for role in Role)]
        for permission, words in IN_WORDS.items()
    ]


def _decisions() -> str:
    rows = [
        [f"`{decision}`", IN_WORDS[permission], YES if decision in NOT_BY_WHO_ASKED else NO]
        for decision, permission in NEEDED_FOR_DECISION.items()
    ]
    return _table(["Decision", "Needs the permission to", "Not by who asked"], rows)


def _table(head: list[str], rows: list[list[str]]) -> str:
    rule = f"|{'---|' * len(head)}\n"
    first, *others = (f"| {' | '.join(cells)} |\n" for cells in [head, *rows])
    return "".join([first, rule, *others])


def _capitalized(words: str) -> str:
    return words[0].upper() + words[1:]
