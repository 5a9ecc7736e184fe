"""The adapters that this process has found among its packages."""

from order_api.integrations import adapters


def forget_adapters() -> None:
    adapters._registered.cache_clear()
    adapters._made.cache_clear()
