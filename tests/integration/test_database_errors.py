"""Messages of violated database rules: they must not contain rows, which hold names and addresses."""

import traceback

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from order_api.core.database import transaction

pytestmark = pytest.mark.usefixtures("migrated")
USER = text("INSERT INTO users (id, username, password_hash, role) VALUES (gen_random_uuid(), 'ada', 'x', NULL)")


def test_a_broken_rule_is_named_and_the_row_that_broke_it_is_not() -> None:
    with pytest.raises(IntegrityError) as broken, transaction() as session:
        session.execute(USER)

    text = "".join(traceback.format_exception(broken.value))
    assert 'null value in column "role"' in text
    assert "Failing row" not in text
    assert "ada" not in text.replace("VALUES (gen_random_uuid(), 'ada'", "")
