"""Forms: each reference has its file, bound to the same deployment; texts from outside stay texts."""

import re
from collections.abc import Iterator, Mapping

from order_api.camunda.lint_rules.finding import Contract, Finding, suggest
from order_api.camunda.model_files import ModelFolder, camunda, identity


def form_without_file(folder: ModelFolder, contract: Contract) -> Iterator[Finding]:
    for model in folder.models:
        for task in model.every("userTask", "startEvent"):
            form = camunda(task, "formRef")
            if form is not None and form not in folder.forms:
                yield Finding(
                    model.file,
                    identity(task),
                    f"There is no form file with the id '{form}'.",
                    suggest(form, folder.forms),
                )


def form_of_another_deployment(folder: ModelFolder, contract: Contract) -> Iterator[Finding]:
    for model in folder.models:
        for task in model.every("userTask", "startEvent"):
            loose = camunda(task, "formRef") is not None and camunda(task, "formRefBinding") != "deployment"
            if loose or camunda(task, "formKey") is not None:
                remedy = "Refer to the form by its id (form reference), with binding 'deployment'."
                yield Finding(model.file, identity(task), "Its form is not bound to this version of the model.", remedy)


FROM_OUTSIDE = ("sku", "reason", "error_message", "fraud_reasons", "return_unknown", "decision_reason", "custom_fields")
"""Variables that hold text of customers, channels and vendors."""
PLACE = re.compile(r"\{\{.*?\}\}|^=.*", re.DOTALL)
"""Where a form shows a variable: in double braces or as a FEEL expression."""
SHOWN_BY: Mapping[str, tuple[str, ...]] = {
    "text": ("text",),
    "html": ("content",),
    "image": ("source", "alt"),
    "iframe": ("url",),
    "documentPreview": ("dataSource",),
}
INTERPRETS = re.compile(rf"\b({'|'.join(FROM_OUTSIDE)})\b")


def text_that_becomes_a_link(folder: ModelFolder, contract: Contract) -> Iterator[Finding]:
    """Texts, images and pages in a form are Markdown, HTML or addresses, so a sku could be a link."""
    remedy = "Show it in a disabled text field or text area with this key: that shows every character as it is."
    for form in folder.forms.values():
        for part in form.parts():
            interpreted = " ".join(str(part[name]) for name in SHOWN_BY.get(part["type"], ()) if name in part)
            for name in sorted(set(INTERPRETS.findall(" ".join(PLACE.findall(interpreted))))):
                problem = f"It interprets '{name}', a text from outside."
                yield Finding(form.file, part.get("id", ""), problem, remedy)


RULES = (form_without_file, form_of_another_deployment, text_that_becomes_a_link)
