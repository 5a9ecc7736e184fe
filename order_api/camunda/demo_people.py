"""The people of the demo: one list for the engine, the API and the console."""

from dataclasses import dataclass

from order_api.camunda.names import Group
from order_api.words import Role


@dataclass(frozen=True)
class Person:
    """`group` grants rights in the engine, `role` in the API and the console. The environment variable
    `password_variable` holds the password for both."""

    id: str
    first_name: str
    last_name: str
    group: Group
    role: Role
    password_variable: str


DEMO_PEOPLE = (
    Person("carla-csr", "Carla", "Customer Service", Group.CSR_ASSOCIATE, Role.CSR_ASSOCIATE, "DEMO_PASSWORD_CSR"),
    Person("stan-store", "Stan", "Store", Group.STORE_OPERATOR, Role.STORE_OPERATOR, "DEMO_PASSWORD_STORE"),
    Person("sue-supervisor", "Sue", "Supervisor", Group.CSR_ADMIN, Role.CSR_ADMIN, "DEMO_PASSWORD_SUPERVISOR"),
    Person("otto-operator", "Otto", "Operator", Group.OPERATOR, Role.ORDER_ADMIN, "DEMO_PASSWORD_OPERATOR"),
)
