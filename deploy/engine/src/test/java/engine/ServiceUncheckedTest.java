package engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.mockito.Mockito.doReturn;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

import java.util.List;
import java.util.Map;
import org.camunda.bpm.engine.AuthorizationException;
import org.camunda.bpm.engine.impl.cfg.StandaloneInMemProcessEngineConfiguration;
import org.camunda.bpm.engine.impl.context.Context;
import org.camunda.bpm.engine.impl.identity.Authentication;
import org.camunda.bpm.engine.impl.interceptor.Command;
import org.camunda.bpm.engine.impl.interceptor.CommandContext;
import org.camunda.bpm.engine.impl.interceptor.CommandExecutor;
import org.camunda.bpm.engine.impl.interceptor.CommandInterceptor;
import org.camunda.bpm.model.bpmn.Bpmn;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceUncheckedTest {
  @ParameterizedTest
  @CsvSource({"secret,order-service,true", "secret,carla-csr,false", "secret,,false", "'',order-service,false"})
  void onlyTheServiceIsUnchecked(String secret, String user, boolean isUnchecked) {
    var engine = new StandaloneInMemProcessEngineConfiguration();
    new ServiceUnchecked(Service.of(Map.of(Service.SECRET, secret))).preInit(engine);

    for (var ours : List.of(engine.getCustomPostCommandInterceptorsTxRequired(), engine.getCustomPostCommandInterceptorsTxRequiresNew())) {
      assertThat(ours).hasSize(1);
      var context = mock(CommandContext.class);
      doReturn(user == null ? null : new Authentication(user, List.of())).when(context).getAuthentication();

      carryOut(ours.get(0), context);

      verify(context, isUnchecked ? times(1) : never()).disableAuthorizationCheck();
      verify(context, isUnchecked ? times(1) : never()).disableTenantCheck();
    }
  }

  @Test
  void theLogOfOperationsNamesTheService() {
    var configuration = new StandaloneInMemProcessEngineConfiguration();
    configuration.setJdbcUrl("jdbc:h2:mem:service-unchecked");
    configuration.setHistory("full");
    configuration.setAuthorizationEnabled(true);
    new ServiceUnchecked(Service.of(Map.of(Service.SECRET, "secret"))).preInit(configuration);
    var engine = configuration.buildProcessEngine();
    try {
      var flow = Bpmn.createExecutableProcess("flow").startEvent().userTask().endEvent().done();
      engine.getRepositoryService().createDeployment().addModelInstance("flow.bpmn", flow).deploy();

      engine.getIdentityService().setAuthenticatedUserId("carla-csr");
      assertThatThrownBy(() -> engine.getRuntimeService().startProcessInstanceByKey("flow"))
          .isInstanceOf(AuthorizationException.class);
      engine.getIdentityService().setAuthenticatedUserId("order-service");
      engine.getRuntimeService().startProcessInstanceByKey("flow");
      engine.getIdentityService().clearAuthentication();

      var started = engine.getHistoryService().createUserOperationLogQuery().operationType("Create").list();
      assertThat(started).extracting(entry -> entry.getEntityType(), entry -> entry.getUserId())
          .contains(tuple("ProcessInstance", "order-service"));
    } finally {
      engine.close();
    }
  }

  private static void carryOut(CommandInterceptor interceptor, CommandContext context) {
    interceptor.setNext(new CommandExecutor() {
      @Override
      public <T> T execute(Command<T> command) {
        return command.execute(context);
      }
    });
    Context.setCommandContext(context);
    try {
      assertThat(interceptor.<String>execute(inside -> "done")).isEqualTo("done");
    } finally {
      Context.removeCommandContext();
    }
  }
}
