"""The only table that maps facts to the processes they start. Slices name the fact and know no process (J2)."""

from order_api.camunda.names import Process
from order_api.words.events import Event

STARTS: dict[Event, Process] = {
    Event.ORDER_PLACED: Process.ORDER_SUBMIT,
    Event.REFUND_REQUESTED: Process.ORDER_REFUND,
    Event.REFUND_PAID_TWICE: Process.REFUND_PAID_TWICE,
    Event.RETURN_ANNOUNCED: Process.ORDER_RETURN,
}
