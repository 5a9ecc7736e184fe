"""Statuses on tasks: known or with a category, set by a worker, and never final before the work is done."""

from collections.abc import Iterator

from order_api.camunda.lint_rules.finding import Contract, Finding, suggest
from order_api.camunda.lint_rules.items import carries_an_item, knows_all_items
from order_api.camunda.model_files import Model, ModelFolder, Xml, identity, properties, topic
from order_api.camunda.names import Property
from order_api.words import CLOSED, Category

CATEGORIES = ", ".join(Category)
ON_ENTRY = {Property.ORDER_STATUS, Property.ITEM_STATUS}
ITEM_STATUS_PROPERTIES = {Property.ITEM_STATUS, Property.ITEM_STATUS_AFTER}
ORDER_STATUS_PROPERTIES = {Property.ORDER_STATUS, Property.ORDER_STATUS_AFTER}
STATUS_PROPERTIES = (
    Property.ORDER_STATUS,
    Property.ORDER_STATUS_AFTER,
    Property.ITEM_STATUS,
    Property.ITEM_STATUS_AFTER,
)


def _set_statuses(folder: ModelFolder) -> Iterator[tuple[Model, Xml, Property, str]]:
    for model in folder.models:
        for element in model.root.iter():
            values = properties(element) if isinstance(element.tag, str) else {}
            yield from ((model, element, name, values[name]) for name in STATUS_PROPERTIES if name in values)


def unknown_category(folder: ModelFolder, contract: Contract) -> Iterator[Finding]:
    for model in folder.models:
        for node in model.flow_nodes():
            category = properties(node).get(Property.STATUS_CATEGORY)
            if category is not None and category not in set(Category):
                yield Finding(
                    model.file, identity(node), f"There is no category '{category}'.", f"Use one of: {CATEGORIES}."
                )


def own_status_without_category(folder: ModelFolder, contract: Contract) -> Iterator[Finding]:
    for model, element, name, status in _set_statuses(folder):
        if status not in contract.statuses and Property.STATUS_CATEGORY not in properties(element):
            problem = f"'{status}' ({name}) is not a default status and has no category."
            own = f"For a status of your own, add the property '{Property.STATUS_CATEGORY}' with one of: {CATEGORIES}."
            remedy = f"{own} Otherwise use a default status. {suggest(status, contract.statuses)}"
            yield Finding(model.file, identity(element), problem, remedy)


def status_never_set(folder: ModelFolder, contract: Contract) -> Iterator[Finding]:
    for model, element, name, _ in _set_statuses(folder):
        if topic(element) is None:
            remedy = "Only external tasks set statuses: draw an 'update-status' task before it."
            yield Finding(model.file, identity(element), f"Nothing sets the '{name}' of this element.", remedy)
        elif name in ITEM_STATUS_PROPERTIES and not carries_an_item(folder, element) and not knows_all_items(element):
            remedy = "Set it in a flow that is called with item_id, or that loops over the items."
            yield Finding(model.file, identity(element), f"'{name}' is set where no item is known.", remedy)


def final_status_on_entry(folder: ModelFolder, contract: Contract) -> Iterator[Finding]:
    for model, element, name, status in _set_statuses(folder):
        category = contract.statuses.get(status) or properties(element).get(Property.STATUS_CATEGORY)
        if name in ON_ENTRY and category in CLOSED:
            problem = f"'{status}' ({category}) is set before the work is done."
            yield Finding(model.file, identity(element), problem, f"Use '{name}-after'.")


def order_status_in_item_flow(folder: ModelFolder, contract: Contract) -> Iterator[Finding]:
    """Items run side by side, so the last one would overwrite the others. The status follows from all items' units."""
    for model, element, name, _ in _set_statuses(folder):
        if name in ORDER_STATUS_PROPERTIES and carries_an_item(folder, element):
            problem = f"'{name}' of one item would overwrite that of another."
            remedy = "Set the item's status; the order's status follows its items."
            yield Finding(model.file, identity(element), problem, remedy)


RULES = (
    order_status_in_item_flow,
    unknown_category,
    own_status_without_category,
    status_never_set,
    final_status_on_entry,
)
