"""Collects requests from the bytes of one connection. h11 says where each ends, and what is wrong with it."""

import h11

from order_api.core.content import MAX_BODY

MAX_HEAD = 32_768
"""Request line and headers together."""
MAX_CHUNKS = 2_000
"""Reading a chunk takes time, however small it is."""


class RequestRefused(Exception):
    """The bytes are no request, or one that is too large. What follows on the connection cannot be read."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status, self.detail = status, detail


class Incoming:
    """One request after another; what came behind the end of one begins the next."""

    def __init__(self) -> None:
        self._begin()

    def _begin(self, rest: bytes = b"") -> None:
        self._parser = h11.Connection(h11.SERVER, max_incomplete_event_size=MAX_HEAD)
        self._raw, self._body, self._chunks = bytearray(), 0, 0
        self._rest = rest

    @property
    def has_begun(self) -> bool:
        """Whether any byte of the next request is here."""
        return bool(self._raw or self._rest)

    @property
    def size(self) -> int:
        """Bytes of the request that is not whole."""
        return len(self._raw)

    @property
    def wants_continue(self) -> bool:
        """Whether the client sends the body only when it is told to."""
        return self._parser.they_are_waiting_for_100_continue

    def receive(self, data: bytes = b"") -> bytes | None:
        """Returns the next request as it was sent, once all of it is here. Raises RequestRefused."""
        data, self._rest = self._rest + data, b""
        self._raw += data
        try:
            if data:
                self._parser.receive_data(data)
            while not isinstance(event := self._parser.next_event(), h11.EndOfMessage):
                if event is h11.NEED_DATA or event is h11.PAUSED:
                    return None
                self._measure(event)
        except h11.RemoteProtocolError as refused:
            status = refused.error_status_hint
            raise RequestRefused(status if status < 500 else 400, f"{refused}.") from None
        rest = self._parser.trailing_data[0]
        whole = bytes(self._raw[: len(self._raw) - len(rest)])
        self._begin(rest)
        return whole

    def _measure(self, event: object) -> None:
        if isinstance(event, h11.Request):
            size = next((int(value) for name, value in event.headers if name == b"content-length"), 0)
        else:
            self._body += len(event.data) if isinstance(event, h11.Data) else 0
            self._chunks += 1
            size = self._body
        if size > MAX_BODY:
            raise RequestRefused(413, f"A body has at most {MAX_BODY:,} bytes.")
        if self._chunks > MAX_CHUNKS:
            raise RequestRefused(413, f"A body comes in at most {MAX_CHUNKS:,} chunks.")
