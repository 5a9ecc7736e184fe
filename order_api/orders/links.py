"""The addresses of an order in the API and in the console, and of its returns."""

from uuid import UUID

from order_api.core.settings import settings


def api_address(order_id: UUID) -> str:
    return f"{settings().api_url}/v1/orders/{order_id}"


def console_address(order_id: UUID) -> str:
    return f"{settings().api_url}/console/orders/{order_id}"


def console_address_of_return(order_id: UUID, number: str) -> str:
    return f"{console_address(order_id)}/returns/{number}"
