"""What a command refuses in one sentence. Imported only when something went wrong."""

from order_api.camunda.engine import EngineError
from order_api.core.errors import ServiceError
from order_api.core.settings import SettingInvalid
from order_api.migrations.run import SchemaUnknown, TablesInUse

REFUSALS = (ServiceError, EngineError, SettingInvalid, SchemaUnknown, TablesInUse)
