from order_api.core.errors import BusinessRuleViolated, NotFound, NotProcessable


class ReturnNotFound(NotFound):
    """There is no return with this number, or your credential does not cover its order."""


class ReturnInvalid(NotProcessable):
    """The request names something that the order or the return does not have. `errors` lists the fields."""


class ReturnOver(BusinessRuleViolated):
    """The return is over, or goods of it have come, so it can no longer be canceled."""


class ReceiptDiffers(BusinessRuleViolated):
    """You have sent this reference before with other content. Use a new reference for other goods."""


class VerdictGiven(BusinessRuleViolated):
    """Fewer units of the receipt wait for a verdict than the request names."""


class AlreadyPaid(BusinessRuleViolated):
    """The goods cannot be sent back to the customer, who has got the money for them."""


def invalid(field: str, message: str) -> ReturnInvalid:
    return ReturnInvalid(message, errors=[{"field": field, "code": "invalid", "message": message}])
