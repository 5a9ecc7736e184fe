"""Says of every body how long it is. Of one that was sent in chunks, no route could tell that it is too long."""

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

from order_api.core.content import MAX_BODY

Application = Callable[..., Iterable[bytes]]


def with_length(application: Application) -> Application:
    """Our server has read the whole body already, so reading it here waits for nothing."""

    def measured(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ.get("wsgi.input_terminated") and environ.pop("HTTP_TRANSFER_ENCODING", None):
            body = environ["wsgi.input"].read(MAX_BODY + 1)
            environ |= {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        return application(environ, start_response)

    return measured
