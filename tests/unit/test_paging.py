"""Cursors come from clients and may be invalid."""

import base64

import pytest

from order_api.core.paging import CursorInvalid, decode


@pytest.mark.parametrize(
    "text", ["[" * 3000, "{}", "7", "[1]", ""], ids=["nested", "object", "number", "short", "empty"]
)
def test_a_cursor_that_no_list_made_is_refused(text: str) -> None:
    with pytest.raises(CursorInvalid):
        decode(base64.urlsafe_b64encode(text.encode()).decode(), 3)
