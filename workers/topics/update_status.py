from sqlalchemy.orm import Session

from order_api.camunda.names import Topic
from workers.runtime.registry import handles


@handles(Topic.UPDATE_STATUS)
def handle(session: Session) -> None:
    """The statuses are extension properties, which the runtime shows for every task; there is nothing more to do."""
