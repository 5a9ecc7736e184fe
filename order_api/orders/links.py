"""The address of an order in the API and in the console."""

from uuid import UUID

from order_api.core.settings import settings


def api_address(order_id: UUID) -> str:
    return f"{settings().api_url}/v1/orders/{order_id}"


def console_address(order_id: UUID) -> str:
    return f"{settings().api_url}/console/orders/{order_id}"
