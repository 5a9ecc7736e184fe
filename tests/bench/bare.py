"""What the runtime and whole orders are compared with: a script that fetches and completes tasks and does no work."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import requests

from tests.bench.stage import Stage

Json = dict[str, Any]
ANSWERS: dict[str, Json] = {
    "screen-fraud": {"fraud_score": 0, "is_frozen": False},
    "authorize-payment": {"is_frozen": False},
    "notify-customer": {},
    "freeze-order": {},
    "reserve-inventory": {},
    "send-to-fulfillment": {"all_shipped": False, "unable_to_ship": False},
    "capture-payment": {},
    "confirm-shipment": {"all_shipped": True, "all_delivered": False},
    "confirm-delivery": {"all_delivered": True, "all_canceled": False},
    "close-order": {"unsettled": False, "unexplained": False, "money_difference": ""},
}
"""What the worker of each topic answers for an order whose only parcel leaves and arrives."""
MAX_TASKS = 24


class BareWorker:
    """Completes every task at once; `after` may send more calls to the engine before the next task."""

    def __init__(
        self, stage: Stage, topics: list[str], threads: int, after: Callable[[Json], None] | None = None
    ) -> None:
        self.url = stage.engine.url
        self.session = requests.Session()
        self.session.auth = (stage.engine.user, stage.engine.password)
        adapter = requests.adapters.HTTPAdapter(pool_maxsize=40)
        self.session.mount("http://", adapter)
        self.topics = [{"topicName": topic, "lockDuration": 20_000, "variables": ["item_id"]} for topic in topics]
        self.pool = ThreadPoolExecutor(threads)
        self.free = threading.Semaphore(MAX_TASKS)
        self.after = after
        self.done = 0

    def post(self, path: str, body: Json, answers: tuple[int, ...] = (200, 204)) -> requests.Response:
        """Repeats a call that collided in the engine (optimistic locking, 500), as every client must."""
        while True:
            answer = self.session.post(f"{self.url}{path}", json=body, timeout=30)
            if answer.status_code in answers:
                return answer
            assert answer.status_code == 500, answer.text
            time.sleep(0.02)

    def run(self, enough: Callable[[], bool]) -> None:
        while not enough():
            body = {"workerId": "bare", "maxTasks": MAX_TASKS, "asyncResponseTimeout": 500, "topics": self.topics}
            tasks = self.post("/external-task/fetchAndLock", body).json()
            for task in tasks:
                self.free.acquire()
                self.pool.submit(self._work, task)
            while self.free._value < MAX_TASKS // 3:
                time.sleep(0.001)
        self.pool.shutdown(wait=True)

    def _work(self, task: Json) -> None:
        try:
            answer = ANSWERS.get(task["topicName"], {})
            variables = {name: {"value": value} for name, value in answer.items()}
            self.post(f"/external-task/{task['id']}/complete", {"workerId": "bare", "variables": variables})
            self.done += 1
            if self.after is not None:
                self.after(task)
        finally:
            self.free.release()
