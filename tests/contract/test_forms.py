"""What every form shows, so that whoever decides knows what about."""

import json
import re

import pytest

from tests.contract.our_models import forms


@pytest.mark.parametrize("form", sorted(forms()))
def test_every_form_shows_the_order_its_total_the_reason_and_a_link_to_it(form: str) -> None:
    shown = set(re.findall(r"\{\{(\w+)\}\}", json.dumps(forms()[form])))

    assert {"order_number", "total", "currency", "reason", "order_url"} - shown == set()
