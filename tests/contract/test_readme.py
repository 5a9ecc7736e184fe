"""The commands, files, settings and links in README.md and docs/ exist."""

import json
import re
from pathlib import Path

import click
import pytest

from deploy.local.credentials import Credentials
from deploy.local.places import ENGINE_SOURCES, FIRST_ORDER
from deploy.local.settings_files import settings_of
from order_api.cli import MODULES, commands_of, main
from order_api.core.error_codes import PAGE, title_of
from order_api.integrations.payment import simulator
from order_api.words import Category

CHECKOUT = Path(__file__).parents[2]
README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
PAGES = {page.name: page.read_text(encoding="utf-8") for page in sorted((CHECKOUT / "docs").glob("*.md"))}
TEXT = "\n".join([README, *PAGES.values()])
LINKED = sorted([*CHECKOUT.glob("*.md"), *CHECKOUT.glob("docs/**/*.md")])
ENGINE_SETTINGS, _ = (ENGINE_SOURCES / "src/main/resources/application.yml").read_text().split("\nspring:")
COMMANDS = {name: command for module in MODULES for name, command in commands_of(module).items()}
FOLDERS = sorted(p.name for p in CHECKOUT.iterdir() if p.is_dir() and not p.name.startswith("."))
CODE = "\n".join(
    file.read_text(encoding="utf-8")
    for folder in ("order_api", "workers", "deploy")
    for pattern in ("*.py", "*.env", "*.yml")
    for file in sorted((CHECKOUT / folder).rglob(pattern))
)
MADE_BY_THE_READER = set(re.findall(r"New file `([^`]+)`", PAGES["add_a_topic.md"]))
SETTINGS_FILES = ("system.env", "engine.env", "service.env", "demo.env", "postgres.env")


def named(pattern: str) -> list[str]:
    return sorted(set(re.findall(pattern, TEXT)))


def command_of(words: list[str]) -> click.Command:
    """Follows groups as long as the words are commands; the rest are arguments."""
    command: click.Command = main
    while words and isinstance(command, click.Group):
        found = command.get_command(click.Context(command), words[0])
        if found is None:
            break
        command, _ = found, words.pop(0)
    return command


@pytest.mark.parametrize("line", named(r"order-service ([a-z][a-z -]*[a-z])"))
def test_each_command_exists(line: str) -> None:
    assert command_of(line.split()) is not main


def test_the_table_of_the_modules_names_each_command() -> None:
    assert {module: tuple(commands_of(module)) for module in MODULES} == MODULES


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_each_command_is_named(name: str) -> None:
    assert re.search(rf"order-service {name}\b", TEXT)


@pytest.mark.parametrize("option", named(r"(?<![\w-])--[a-z][a-z-]+"))
def test_each_option_is_one_of_ours_or_of_docker(option: str) -> None:
    ours = {name for command in COMMANDS.values() for p in command.params for name in p.opts}

    assert option in ours | {"--build", "--rm"}


def test_keys_come_from_the_environment_and_not_from_a_command_line_that_others_can_read() -> None:
    keys = [p for command in COMMANDS.values() for p in command.params if p.name and p.name.endswith("_key")]

    assert [p.name for p in keys] == ["api_key", "warehouse_key"]
    assert [p.opts for p in keys if not p.envvar or p.opts[0] in TEXT] == []


@pytest.mark.parametrize("target", named(r"\bmake ([a-z]+)(?=[`\n])"))
def test_each_make_target_exists(target: str) -> None:
    assert re.search(rf"^{target}:", (CHECKOUT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("variable", named(r"`([A-Z]+(?:_[A-Z]+)+)`"))
def test_each_variable_is_read_somewhere(variable: str) -> None:
    assert re.search(rf"\b{variable}\b", CODE)


@pytest.mark.parametrize("variable", sorted({name for file in SETTINGS_FILES for name in settings_of(file)}))
def test_each_variable_of_the_settings_files_is_explained(variable: str) -> None:
    assert f"`{variable}`" in PAGES["settings.md"]


@pytest.mark.parametrize(
    "variable", sorted(set(re.findall(r'(?:_read|environ\.get|_port)\((?:\w+, )?"([A-Z_]+)"', CODE)))
)
def test_each_variable_that_is_read_is_explained(variable: str) -> None:
    assert f"`{variable}`" in PAGES["settings.md"]


@pytest.mark.parametrize("setting", re.findall(r"^    ([a-z-]+): ", ENGINE_SETTINGS, re.MULTILINE))
def test_each_property_of_our_engine_is_named_for_readers_with_their_own_engine(setting: str) -> None:
    assert re.search(rf"`{setting}[`:]", PAGES["own_camunda.md"])


@pytest.mark.parametrize("path", named(rf"(?<![\w/])(?:{'|'.join(FOLDERS)})/[\w./-]*\w/?"))
def test_each_path_exists(path: str) -> None:
    assert path in MADE_BY_THE_READER or (CHECKOUT / path).exists()


def headings(page: Path) -> set[str]:
    """The places within a page that a link can name."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", LINKED, ids=lambda page: str(page.relative_to(CHECKOUT)))
def test_each_picture_and_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)", page.read_text(encoding="utf-8"))
    targets = [((page.parent / name) if name else page, place) for name, place in links]

    assert [target for target, _ in targets if not target.exists()] == []
    assert [f"{target.name}#{place}" for target, place in targets if place and place not in headings(target)] == []


def test_the_readme_is_read_in_two_minutes() -> None:
    assert len(README.splitlines()) <= 170


@pytest.mark.parametrize("page", sorted(PAGES))
def test_the_readme_leads_to_each_page(page: str) -> None:
    assert f"(docs/{page})" in README


def test_the_first_order_is_the_one_that_make_run_prints() -> None:
    assert f"-d @{FIRST_ORDER.relative_to(CHECKOUT)}\n" in README


def test_what_the_recipes_replace_is_in_the_sample() -> None:
    sample = FIRST_ORDER.read_text(encoding="utf-8")
    replaced = [word for word in named(r"[' ]s/([^/]+)/") if word != "W-1001"]

    assert replaced
    assert [word for word in ["W-1001", *replaced] if word not in sample] == []


@pytest.mark.parametrize("key", named(r"\$\(secret (\w+)\)"))
def test_each_secret_of_the_recipes_is_kept_under_that_name(key: str) -> None:
    assert hasattr(Credentials(), key)


@pytest.mark.parametrize("token", named(r"tok_[a-z_]+"))
def test_each_token_is_known_to_the_simulator(token: str) -> None:
    assert token in (simulator.__doc__ or "")


def test_the_categories_of_statuses_are_all_named() -> None:
    assert [category for category in Category if f"`{category}`" not in PAGES["change_a_flow.md"]] == []


def test_the_example_of_an_error_is_json() -> None:
    problem = json.loads(PAGES["tour.md"].split("```json\n")[1].split("```")[0])

    assert problem["status"] == 422
    assert (problem["type"], problem["title"]) == (f"{PAGE}#{problem['code']}", title_of(problem["code"]))


def test_no_decision_is_longer_than_a_page() -> None:
    pages = sorted((CHECKOUT / "docs" / "decisions").glob("*.md"))

    assert [page.name for page in pages if len(page.read_text(encoding="utf-8").splitlines()) > 45] == []
