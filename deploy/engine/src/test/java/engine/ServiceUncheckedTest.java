package engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.doReturn;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

import java.util.List;
import java.util.Map;
import org.camunda.bpm.engine.impl.cfg.StandaloneInMemProcessEngineConfiguration;
import org.camunda.bpm.engine.impl.context.Context;
import org.camunda.bpm.engine.impl.identity.Authentication;
import org.camunda.bpm.engine.impl.interceptor.Command;
import org.camunda.bpm.engine.impl.interceptor.CommandContext;
import org.camunda.bpm.engine.impl.interceptor.CommandExecutor;
import org.camunda.bpm.engine.impl.interceptor.CommandInterceptor;
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
