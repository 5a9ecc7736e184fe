"""Nothing that came from outside is interpreted: markup in every text field, on every page, in every form and mail."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
import requests
from playwright.sync_api import Browser, Dialog, Page, expect

from order_api.camunda.lint_rules.forms import FROM_OUTSIDE
from order_api.placement.schemas import PlaceOrderBody
from tests.contract.our_models import forms, shown_by
from tests.factories import engine_returns as returns
from tests.factories.engine_refunds import SUPERVISOR
from tests.factories.hostile import EVIL, MARKUP, RESULT, hostile, longest, texts_in
from tests.fixtures.shop import Json, Shop
from tests.fixtures.system import CALL_TIMEOUT, PASSWORD, PATIENCE, WAREHOUSE_KEY

PROCESS = """<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="test"
 xmlns:camunda="http://camunda.org/schema/1.0/bpmn">
<bpmn:process id="every-form" isExecutable="true" camunda:historyTimeToLive="P1D">
 <bpmn:startEvent id="s"/><bpmn:parallelGateway id="g"/><bpmn:sequenceFlow id="f" sourceRef="s" targetRef="g"/>
 {tasks}
</bpmn:process></bpmn:definitions>"""
TASK = """<bpmn:userTask id="usertask_{n}" name="{form}" camunda:assignee="{person}" camunda:formRef="{form}"
 camunda:formRefBinding="latest"/><bpmn:sequenceFlow id="f{n}" sourceRef="g" targetRef="usertask_{n}"/>"""

LIVE = """stranger => [...document.querySelectorAll('[src], [href], [action], [onerror]')]
    .filter(e => e.onerror || [e.src, e.href, e.action].some(a => URL.parse(a)?.hostname == stranger))
    .map(e => e.outerHTML)"""
"""The elements of a page that would ask a stranger's host for something, or let it act."""


class Watched:
    """A page that notes what it asks strangers for and what they make it do."""

    def __init__(self, page: Page) -> None:
        self.page, self.asked, self.said = page, list[str](), list[str]()
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("dialog", self._say_no)
        page.set_default_timeout(PATIENCE * 1000)

    def log_in(self) -> None:
        """Leads to the page that was asked for."""
        self.page.get_by_label("User name").fill(SUPERVISOR)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Log in").click()

    def _say_no(self, dialog: Dialog) -> None:
        self.said.append(dialog.message)
        dialog.dismiss()

    def expect_no_harm(self, where: str, holds: str | None = None) -> None:
        """`holds` is a text that the page must show as it is."""
        assert self.page.evaluate(LIVE, EVIL) == [], where
        assert [url for url in self.asked if urlsplit(url).hostname == EVIL] == self.said == [], where
        shown = self.page.evaluate(
            "document.body.innerText + [...document.querySelectorAll('input, textarea')].map(e => e.value).join()"
        )
        assert RESULT not in shown, where
        assert holds is None or holds in shown, (where, holds, shown)


@contextmanager
def window_of(browser: Browser) -> Iterator[Watched]:
    with browser.new_context() as window:
        yield Watched(window.new_page())


@pytest.fixture(scope="module")
def order(shop: Shop) -> Json:
    """An order whose every text is markup; all of it has arrived, and a part is coming back."""
    sku = f"HOSTILE-{uuid4().hex[:8]}"
    plain = shop.body(shop.line(sku, 3, "20.00"))
    body = hostile(PlaceOrderBody(), plain)
    body["customer"]["email"] = plain["customer"]["email"]
    shop.receive(body["items"][0]["sku"], 10)
    answer = shop.call("POST", "/v1/orders", body)
    assert answer.status_code == 201, answer.text
    order = dict(answer.json())
    shop.wait_until_sent([item["id"] for item in order["items"]])
    line_id = order["items"][0]["line_id"]
    parcel: Json = {"carrier": longest(50), "tracking_number": longest(100, sku)}
    parcel |= {"lines": [{"line_id": line_id, "quantity": 3}]}
    shipment = returns.post(shop, f"/v1/orders/{order['id']}/shipments", parcel, WAREHOUSE_KEY)
    shop.deliver(shipment)
    shop.wait_for_status(order["id"], "completed")
    back = {"items": [{"line_id": line_id, "quantity": 1, "reason": "changed_mind"}], "comment": longest(500)}
    number = returns.post(shop, f"/v1/orders/{order['id']}/returns", back)["number"]
    shop.wait_for_activity(number, returns.FOR_GOODS)
    scan = {"reference": longest(100), "at": "2026-11-30T10:00:00Z", "words": longest(200)}
    returns.post(shop, f"/v1/returns/{number}/scans", scan)
    arrived = {"reference": longest(100), "items": [{"line_id": line_id, "quantity": 1}], "unexpected": longest(500)}
    returns.post(shop, f"/v1/returns/{number}/receipts", arrived, WAREHOUSE_KEY)
    return {**shop.order(order["id"]), "return": number, "sent": body}


def test_no_page_of_the_console_interprets_a_text(shop: Shop, browser: Browser, order: Json) -> None:
    of_order, name = f"/orders/{order['id']}", order["items"][0]["name"]
    pages = {
        "/orders": order["customer"]["name"],
        f"/orders?external_id={MARKUP[-2]}": MARKUP[-2],
        of_order: name,
        f"{of_order}/cancel": None,
        f"{of_order}/cancel-units": None,
        f"{of_order}/refund": name,
        f"{of_order}/return": name,
        f"{of_order}/returns/{order['return']}": longest(500),
        "/returns": order["return"],
        f"/receive?q={MARKUP[-2]}": MARKUP[-2],
        f"/{MARKUP[0]}": None,
    }
    with window_of(browser) as watched:
        page = watched.page
        page.goto(f"{shop.system.url}/console/login")
        watched.log_in()
        expect(page.get_by_role("button", name="Log out")).to_be_visible()
        for path, holds in pages.items():
            page.goto(f"{shop.system.url}/console{path}")
            watched.expect_no_harm(path, holds)
        for act, unit in (("refund", "arrived broken"), ("return", "Units of")):
            page.goto(f"{shop.system.url}/console{of_order}/{act}")
            page.get_by_label(unit).first.fill("1")
            page.get_by_role("radio").first.check()
            page.locator("#note, #comment").fill(longest(500))
            page.get_by_role("button", name="Show what this does").click()
            expect(page.locator("#preview")).to_be_visible()
            watched.expect_no_harm(f"preview of a {act}", name)


def test_the_order_page_shows_each_text_as_it_was_sent(shop: Shop, browser: Browser, order: Json) -> None:
    """What the page shows at all, it shows whole."""
    sent = order["sent"]
    shown_whole = [sent["external_id"], sent["customer"]["name"], sent["customer"]["phone"], sent["note"]]
    shown_whole += [sent["items"][0]["sku"], sent["custom_fields"]["turned"], sent["custom_fields"][MARKUP[-2]]]
    assert set(shown_whole) - {sent["custom_fields"]["turned"]} <= texts_in(sent)
    with window_of(browser) as watched:
        page = watched.page
        page.goto(f"{shop.system.url}/console/orders/{order['id']}")
        watched.log_in()
        expect(page.get_by_role("region", name="Customer")).to_be_visible()
        for text in shown_whole:
            watched.expect_no_harm("order page", text)
        turned = page.get_by_text(sent["custom_fields"]["turned"])
        assert turned.evaluate("e => getComputedStyle(e).unicodeBidi") == "isolate"


def test_no_form_in_tasklist_interprets_a_text(shop: Shop, browser: Browser) -> None:
    names = sorted(forms())
    tasks = "".join(TASK.format(n=n, form=form, person=SUPERVISOR) for n, form in enumerate(names))
    env, files = shop.system.env, {"m": ("every-form.bpmn", PROCESS.format(tasks=tasks))}
    auth, name = (env["ENGINE_USER"], env["ENGINE_PASSWORD"]), {"deployment-name": "every-form"}
    address = f"{env['ENGINE_URL']}/deployment/create"
    requests.post(address, name, files=files, auth=auth, timeout=CALL_TIMEOUT).raise_for_status()
    shown = {name for form in names for name in shown_by(form)}
    values = {name: MARKUP[-1] if name in FROM_OUTSIDE else "1" for name in shown}
    variables = {name: {"value": value, "type": "String"} for name, value in values.items()}
    started = shop.engine("POST", "/process-definition/key/every-form/start", {"variables": variables})
    cards = shop.engine("GET", "/task", processInstanceId=started["id"])
    assert len(cards) == len(names)
    with window_of(browser) as watched:
        page, base = watched.page, env["ENGINE_URL"].removesuffix("/engine-rest")
        page.goto(f"{base}/camunda/app/tasklist/default/#/login")
        page.get_by_placeholder("Username").fill(SUPERVISOR)
        page.get_by_placeholder("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        expect(page.locator("[cam-tasklist-task]").first).to_be_visible()
        for task in cards:
            page.goto(f"{base}/camunda/app/tasklist/default/#/?task={task['id']}")
            expect(page.get_by_role("heading", name=title_of(task["name"]), exact=True)).to_be_visible()
            expect(page.locator("textarea:disabled").first).to_have_value(MARKUP[-1])
            watched.expect_no_harm(task["name"], MARKUP[-1])


def title_of(form: str) -> str:
    [title] = [part["text"].splitlines()[0] for part in forms()[form]["components"] if part["id"] == "text_heading"]
    return str(title.removeprefix("### "))


def test_a_mail_is_plain_text(shop: Shop, order: Json) -> None:
    mails = [mail for to, mail in shop.mailbox.whole if to == order["customer"]["email"]]

    assert {mail.get_content_type() for mail in mails} == {"text/plain"}
    bodies = [str(bytes(mail.get_payload(decode=True)), "utf-8") for mail in mails]
    assert any(order["items"][0]["name"] in body for body in bodies)
