from order_api.core.errors import BusinessRuleViolated, NotFound, NotProcessable


class RefundNotFound(NotFound):
    """There is no refund with this number, or your credential does not cover its order."""


class RefundInvalid(NotProcessable):
    """The request names something that the order does not have, or an amount that is zero or has too many decimals.
    `errors` lists the fields."""


def invalid(field: str, message: str, code: str = "invalid") -> RefundInvalid:
    return RefundInvalid(message, errors=[{"field": field, "code": code, "message": message}])


class MoreThanRemains(BusinessRuleViolated):
    """Less remains than was asked for. `remaining` says how much of it, `lines` how much of each line that has shipped,
    `remaining_of_order` how much in all, and `free_units` how many units have no remedy yet."""


class RefundWaiting(BusinessRuleViolated):
    """Another refund that is not granted yet concerns the same line or charge, or the part of the order that is not
    paid. Have it decided or cancel it first."""


class RefundNotPossible(BusinessRuleViolated):
    """The payment provider does not make this refund. `detail` says why. Ask for the destination `outside`."""


class PreviewOutdated(BusinessRuleViolated):
    """An amount that the preview promised has changed since. Read a new preview and send its `digest`."""


class RefundNotWaiting(BusinessRuleViolated):
    """The refund is granted, refused or canceled already, so it can no longer be canceled."""


class NothingToBook(BusinessRuleViolated):
    """Nothing of the refund is to be paid outside, or it was booked with another reference."""


class RefundDeclined(BusinessRuleViolated):
    """The payment provider refuses a refund. A person decides: try again, or pay outside."""
