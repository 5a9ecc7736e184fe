"""The builtin gateway: a simulated card network with its own table. The token decides its behavior.

`tok_approve`, `tok_decline` (declines the authorization), `tok_decline_capture`, `tok_decline_void`, `tok_timeout`
(carries the request out, but the first answer is lost), `tok_answer_twice` (every request arrives twice and the second
answer counts), `tok_slow` (answers after a while). For refunds: `tok_decline_refund`, `tok_pending_refund` (decides
after a while), `tok_too_old_refund`.
`tok_fail_refund_later` is done at once and fails after a while. With `tok_expire`, every authorization ends after a
while; with `tok_expire_once` only the first; with `tok_expire_then_decline` the later ones are declined. With `_once`,
as in `tok_decline_capture_once`, only the first is declined. A suffix after a colon makes a separate card:
`tok_decline_once:anna` declines once for anna. Any other token is approved.
"""

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from order_api.core import clock
from order_api.core.database import transaction
from order_api.core.errors import OutsideSystemUnavailable
from order_api.core.settings import settings
from order_api.integrations.payment.models import SimulatedPayment
from order_api.integrations.payment.port import (
    AUTHORIZATION_EXPIRED,
    TOO_OLD,
    EventRefused,
    GatewayEvent,
    GatewayEventKind,
    GatewayReply,
    PaymentRequest,
    RefundTerms,
)

SLOW_SECONDS = 2.0
EXPIRE_THEN_DECLINE = "tok_expire_then_decline"
EXPIRE_ONCE = ("tok_expire_once", EXPIRE_THEN_DECLINE)
FAILS_LATER, SENT_BACK = "tok_fail_refund_later", "account_closed"
SIGNATURE_HEADER = "X-Simulator-Signature"
PENDING = timedelta(seconds=2)
EXPIRES = timedelta(seconds=2)
ARRIVES_WITHIN = timedelta(days=5)


class PaymentSimulator:
    needs_token = True
    sends_events = True
    refund_terms = RefundTerms(days=180)

    def read_event(self, headers: Mapping[str, str], body: bytes) -> GatewayEvent | None:
        """JSON with `id`, `kind`, `key`, when it happened (`at`) and, if it failed, `decline_code`; signed as
        `signature_of` says."""
        sent_signature = headers.get(SIGNATURE_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(sent_signature, signature_of(body).encode()):
            raise EventRefused("The signature is wrong.")
        try:
            sent = json.loads(body)
            kind, key = GatewayEventKind(sent["kind"]), UUID(sent["key"])
            day = date.fromisoformat(sent["expected_by"]) if "expected_by" in sent else None
            at = datetime.fromisoformat(sent["at"]) if "at" in sent else None
            told = {name: sent.get(name) for name in ("decline_code", "trace_number")}
            return GatewayEvent(str(sent["id"]), kind, key, expected_by=day, at=at, **told)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise EventRefused("The message cannot be read.") from None

    def authorize(self, request: PaymentRequest, token: str) -> GatewayReply:
        return self._book("authorize", request, token, None)

    def capture(self, request: PaymentRequest, authorization: str) -> GatewayReply:
        return self._book("capture", request, "", UUID(authorization))

    def void(self, request: PaymentRequest, authorization: str) -> GatewayReply:
        return self._book("void", request, "", UUID(authorization))

    def refund(self, request: PaymentRequest, capture: str) -> GatewayReply:
        return self._book("refund", request, "", UUID(capture))

    def find(self, key: UUID) -> GatewayReply | None:
        with transaction() as session:
            booked = session.get(SimulatedPayment, key)
            return _answer(booked) if booked else None

    def _book(self, kind: str, request: PaymentRequest, token: str, parent: UUID | None) -> GatewayReply:
        booked, is_first = self._arrive(kind, request.key, token, parent, request.amount)
        behavior = _behavior(booked.token)
        if behavior == "tok_answer_twice":
            # Simulates a proxy or HTTP library that repeats a request.
            booked, _ = self._arrive(kind, request.key, token, parent, request.amount)
        if behavior == "tok_slow":
            time.sleep(SLOW_SECONDS)
        if behavior == "tok_timeout" and is_first:
            raise OutsideSystemUnavailable(f"The gateway gave no answer to {kind} {request.key}.")
        return _answer(booked)

    def _arrive(
        self, kind: str, key: UUID, token: str, parent: UUID | None, amount: int
    ) -> tuple[SimulatedPayment, bool]:
        """The booked request, and whether this call booked it."""
        with transaction() as session:
            if parent is not None:
                token = session.get_one(SimulatedPayment, parent, with_for_update=True).token
            is_first = self._book_once(session, kind, key, token, parent, amount)
            return session.get_one(SimulatedPayment, key), is_first

    def _book_once(self, session: Session, kind: str, key: UUID, token: str, parent: UUID | None, amount: int) -> bool:
        decline_code, now = _decline_code(session, kind, token, parent, amount), clock.now()
        after = _changes_after(session, kind, token)
        row = insert(SimulatedPayment).values(
            key=key,
            kind=kind,
            token=token,
            parent_key=parent,
            amount=amount,
            approved=decline_code is None,
            decline_code=decline_code,
            at=now,
            decides_at=None if after is None else now + after,
        )
        return session.scalar(row.on_conflict_do_nothing().returning(SimulatedPayment.key)) is not None


def signature_of(body: bytes) -> str:
    """The SHA-256 HMAC of the message under a key that follows from SECRET_KEY."""
    key = hashlib.sha256(b"payment-simulator " + settings().secret_key.encode()).digest()
    return hmac.new(key, body, hashlib.sha256).hexdigest()


def _behavior(token: str) -> str:
    return token.partition(":")[0]


def _changes_after(session: Session, kind: str, token: str) -> timedelta | None:
    """How long the answer to this request is true."""
    behavior = _behavior(token)
    if kind == "refund" and behavior in ("tok_pending_refund", FAILS_LATER):
        return PENDING
    if kind == "authorize" and (
        behavior == "tok_expire" or (behavior in EXPIRE_ONCE and not _was_asked(session, token))
    ):
        return EXPIRES
    return None


def _decline_code(session: Session, kind: str, token: str, parent: UUID | None, amount: int) -> str | None:
    behavior = _behavior(token)
    of_kind = "tok_decline" if kind == "authorize" else f"tok_decline_{kind}"
    if behavior == of_kind or (behavior == EXPIRE_THEN_DECLINE and kind == "authorize" and _was_asked(session, token)):
        return "card_declined"
    if behavior == f"{of_kind}_once" and not _was_declined(session, kind, token):
        return "try_again_later"
    if behavior == "tok_too_old_refund" and kind == "refund":
        return TOO_OLD
    if parent is not None and kind != "refund" and _has_expired(session, parent):
        return AUTHORIZATION_EXPIRED
    if parent is not None and amount > _left(session, parent):
        return "amount_exceeds_capture" if kind == "refund" else "amount_exceeds_authorization"
    return None


def _was_declined(session: Session, kind: str, token: str) -> bool:
    query = select(func.count()).where(SimulatedPayment.kind == kind, SimulatedPayment.token == token)
    return bool(session.scalar(query.where(SimulatedPayment.approved.is_(False))))


def _was_asked(session: Session, token: str) -> bool:
    asked = select(SimulatedPayment.key).where(SimulatedPayment.kind == "authorize", SimulatedPayment.token == token)
    return session.scalar(asked.limit(1)) is not None


def _has_expired(session: Session, authorization: UUID) -> bool:
    ends_at = session.get_one(SimulatedPayment, authorization).decides_at
    return ends_at is not None and ends_at <= clock.now()


def _left(session: Session, parent: UUID) -> int:
    """Of an authorization, what is neither captured nor released; of a capture, what was not given back."""
    approved = SimulatedPayment.approved.is_(True)
    was_sent_back = and_(SimulatedPayment.token.startswith(FAILS_LATER), SimulatedPayment.decides_at <= clock.now())
    held = session.get_one(SimulatedPayment, parent).amount
    used = select(func.coalesce(func.sum(SimulatedPayment.amount), 0))
    return held - int(
        session.scalar(used.where(SimulatedPayment.parent_key == parent, approved, was_sent_back.is_not(True))) or 0
    )


def _answer(booked: SimulatedPayment) -> GatewayReply:
    is_decided = booked.kind != "refund" or booked.decides_at is None or booked.decides_at <= clock.now()
    if booked.kind == "refund" and _behavior(booked.token) == FAILS_LATER and is_decided:
        return GatewayReply(False, str(booked.key), SENT_BACK, booked.amount)
    is_pending = not is_decided and _behavior(booked.token) != FAILS_LATER
    is_approved = booked.approved and not is_pending
    answer = GatewayReply(is_approved, str(booked.key), booked.decline_code, booked.amount, is_pending)
    if booked.kind != "refund" or not is_approved:
        return answer
    trace_number = f"ARN{booked.key.int % 10**11:011d}"
    return replace(answer, trace_number=trace_number, expected_by=(booked.at + ARRIVES_WITHIN).date())
