"""Wallets as a means of payment: the package of another company that adds a tender type to the order service.

The books are one SQLite file, named by the environment variable WALLET_FILE. The token names a wallet, and
its beginning sets the behavior, as in a sandbox: `empty` holds no money, `lost` loses the first answer, `twice` makes
every request arrive twice, `closed` and `old` refuse refunds. Any other wallet pays.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from uuid import UUID

from order_api.core.errors import OutsideSystemUnavailable
from order_api.integrations.payment.port import TOO_OLD, GatewayReply, PaymentRequest, RefundTerms

BOOKS = """CREATE TABLE IF NOT EXISTS requests
    (key TEXT PRIMARY KEY, kind TEXT, wallet TEXT, parent_key TEXT, amount INTEGER, decline_code TEXT)"""
BOOK = "INSERT INTO requests VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
WALLET = "SELECT wallet FROM requests WHERE key = ?"
LEFT = """SELECT amount - (SELECT coalesce(sum(amount), 0) FROM requests
    WHERE parent_key = held.key AND decline_code IS NULL) FROM requests held WHERE key = ?"""
FIND = "SELECT key, decline_code FROM requests WHERE key = ?"
LOCK_TIMEOUT = 10


class WalletFileMissing(RuntimeError):
    """The environment variable WALLET_FILE is not set."""


class Wallet:
    needs_token = True
    refund_terms = RefundTerms()

    def __init__(self) -> None:
        if not os.environ.get("WALLET_FILE"):
            raise WalletFileMissing("Set WALLET_FILE to the file of the wallets' books.")
        self._file = os.environ["WALLET_FILE"]

    def authorize(self, request: PaymentRequest, token: str) -> GatewayReply:
        return _ask(self._file, "authorize", request, wallet=token)

    def capture(self, request: PaymentRequest, authorization: str) -> GatewayReply:
        return _ask(self._file, "capture", request, parent=authorization)

    def void(self, request: PaymentRequest, authorization: str) -> GatewayReply:
        return _ask(self._file, "void", request, parent=authorization)

    def refund(self, request: PaymentRequest, capture: str) -> GatewayReply:
        return _ask(self._file, "refund", request, parent=capture)

    def find(self, key: UUID) -> GatewayReply | None:
        with _books(self._file) as books:
            return _found(books, key)


def _ask(file: str, kind: str, request: PaymentRequest, *, wallet: str = "", parent: str = "") -> GatewayReply:
    with _books(file) as books:
        wallet = wallet or books.execute(WALLET, [parent]).fetchone()[0]
        earlier = _found(books, request.key)
        for _ in range(2 if wallet.startswith("twice") else 1):
            declined = _decline_code(books, kind, wallet, parent, request.amount)
            books.execute(BOOK, [str(request.key), kind, wallet, parent, request.amount, declined])
        answer = _found(books, request.key)
    if answer is None or (earlier is None and wallet.startswith("lost")):
        raise OutsideSystemUnavailable(f"The wallet gave no answer to {kind} {request.key}.")
    return answer


@contextmanager
def _books(file: str) -> Iterator[sqlite3.Connection]:
    """Lets in one program at a time; commits when the block ends without an error."""
    try:
        with closing(sqlite3.connect(file, LOCK_TIMEOUT, isolation_level=None)) as books:
            books.execute("BEGIN IMMEDIATE")
            books.execute(BOOKS)
            yield books
            books.execute("COMMIT")
    except sqlite3.OperationalError as error:
        raise OutsideSystemUnavailable(f"The books of the wallets cannot be opened: {error}.") from error


def _decline_code(books: sqlite3.Connection, kind: str, wallet: str, parent: str, amount: int) -> str | None:
    if not parent:
        return "insufficient_funds" if wallet.startswith("empty") else None
    if kind == "refund" and wallet.startswith(("closed", "old")):
        return "wallet_closed" if wallet.startswith("closed") else TOO_OLD
    [left] = books.execute(LEFT, [parent]).fetchone()
    return "amount_exceeds_what_is_left" if amount > left else None


def _found(books: sqlite3.Connection, key: UUID) -> GatewayReply | None:
    row = books.execute(FIND, [str(key)]).fetchone()
    return GatewayReply(approved=row[1] is None, reference=row[0], decline_code=row[1]) if row else None
