"""An adapter's own tests say what its vendor cannot do: nothing is left out in silence."""

import pytest

from order_api.integrations.payment.promises import PaymentGatewayPromises


class Forgetful(PaymentGatewayPromises):
    __test__ = False
    BAD = "declined"
    CANNOT = frozenset({"PENDING"})


def test_a_token_is_set_or_listed_as_what_the_vendor_cannot_do() -> None:
    promises = Forgetful()

    assert promises.token("BAD") == "declined"
    with pytest.raises(pytest.skip.Exception, match="cannot do PENDING"):
        promises.token("PENDING")
    with pytest.raises(pytest.fail.Exception, match=r"Set Forgetful\.OLD"):
        promises.token("OLD")
