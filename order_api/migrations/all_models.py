"""Every module with tables, so that the metadata is whole."""

import order_api.access.idempotency
import order_api.access.models
import order_api.fraud_reviews.models
import order_api.heartbeats.models
import order_api.integrations.fulfillment.warehouse
import order_api.integrations.inventory.models
import order_api.integrations.payment.simulator
import order_api.notifications.models
import order_api.orders.history
import order_api.orders.models
import order_api.orders.note
import order_api.orders.shipped
import order_api.orders.update_status
import order_api.outbox.models
import order_api.payments.models
import order_api.reservations.models
import order_api.shipments.models
import order_api.stores.models

__all__ = ["order_api"]
