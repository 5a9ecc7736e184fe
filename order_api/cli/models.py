"""Commands that check, deploy and fetch models."""

import json
import sys
from pathlib import Path

import click

from order_api.camunda.demo_passwords import refuse_demo_passwords
from order_api.camunda.deployment import DesignerVersionIsNewer
from order_api.camunda.deployment import deploy as deploy_folder
from order_api.camunda.deployment import fetch as fetch_deployment
from order_api.camunda.element_templates import element_templates
from order_api.camunda.identity import create_demo_people, prepare_groups
from order_api.camunda.lint import Finding
from order_api.camunda.lint import lint as lint_folder
from order_api.camunda.queue_templates import queue_templates
from order_api.cli.demo import demo_passwords
from order_api.core.database import turn
from order_api.core.settings import settings
from order_api.notifications.notices import Notice
from order_api.orders.status import ITEM_STATUSES, ORDER_STATUSES
from workers.runtime.registry import handlers

MODELS = Path(__file__).parents[2] / "bpmn_models"
TEMPLATES = MODELS / "element_templates" / "order-service.json"
FOLDER = click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=MODELS)


def findings_in(folder: Path) -> list[Finding]:
    throws = {str(topic): frozenset(map(str, handler.throws)) for topic, handler in handlers().items()}
    statuses = {name: str(category) for name, category in (ORDER_STATUSES | ITEM_STATUSES).items()}
    returns = {str(topic): handler.returns for topic, handler in handlers().items()}
    return lint_folder(folder, throws, returns, statuses, frozenset(Notice))


def templates_text() -> str:
    """The content of Modeler's template file, generated from the current topics."""
    contracts = [handler.contract for handler in handlers().values()]
    templates = element_templates(contracts, list(Notice)) + queue_templates()
    return json.dumps(templates, indent=2, ensure_ascii=False) + "\n"


@click.command()
@FOLDER
def lint(folder: Path) -> None:
    """Check models for mistakes that the engine accepts."""
    findings = findings_in(folder)
    for finding in findings:
        click.echo(str(finding))
    if findings:
        sys.exit(1)
    click.echo("The models are fine.")


@click.command()
@FOLDER
@click.option("--force", is_flag=True, help="Overwrite versions that a designer deployed from Modeler.")
def deploy(folder: Path, force: bool) -> None:
    """Deploy models, forms and decisions to the engine together, with groups, queues and rights."""
    passwords = demo_passwords()
    if findings := findings_in(folder):
        raise click.ClickException("\n".join(map(str, findings)))
    if settings().is_production:
        refuse_demo_passwords()
    try:
        deployed = deploy_folder(folder, turn("deploy models"), force=force)
    except DesignerVersionIsNewer as newer:
        raise click.ClickException(str(newer)) from None
    with turn("deploy models"):
        prepare_groups(folder)
        if passwords:
            create_demo_people(passwords)
    versions = ", ".join(f"{key} version {version}" for key, version in sorted(deployed.new_versions.items()))
    click.echo(f"Deployed {versions}." if versions else "The engine has these models already.")


@click.command("fetch-models")
@click.argument("deployment_id")
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), default=Path("fetched_models"))
def fetch_models(deployment_id: str, into: Path) -> None:
    """Copy the files of a deployment into a folder, to adopt a designer's work."""
    for file in fetch_deployment(deployment_id, into):
        click.echo(str(file))


@click.command()
def templates() -> None:
    """Generate the templates for Camunda Modeler from the topics that have a worker."""
    TEMPLATES.write_text(templates_text(), encoding="utf-8")
    click.echo(f"Wrote {TEMPLATES}.")


COMMANDS = (lint, deploy, fetch_models, templates)
