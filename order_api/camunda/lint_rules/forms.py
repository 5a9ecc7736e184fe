"""Forms: each reference has its file, and both are bound to the same deployment."""

from collections.abc import Iterator

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


RULES = (form_without_file, form_of_another_deployment)
