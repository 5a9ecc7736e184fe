package engine;

import java.util.ArrayList;
import java.util.List;
import org.camunda.bpm.engine.impl.cfg.AbstractProcessEnginePlugin;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.context.Context;
import org.camunda.bpm.engine.impl.interceptor.Command;
import org.camunda.bpm.engine.impl.interceptor.CommandInterceptor;

/**
 * Skips the checks of the order service's rights: it may do everything, so the look-ups are wasted. The log of
 * operations still names it.
 */
final class ServiceUnchecked extends AbstractProcessEnginePlugin {
  private final Service service;

  ServiceUnchecked(Service service) {
    this.service = service;
  }

  @Override
  public void preInit(ProcessEngineConfigurationImpl engine) {
    engine.setCustomPostCommandInterceptorsTxRequired(
        and(engine.getCustomPostCommandInterceptorsTxRequired(), new WithoutChecks()));
    engine.setCustomPostCommandInterceptorsTxRequiresNew(
        and(engine.getCustomPostCommandInterceptorsTxRequiresNew(), new WithoutChecks()));
  }

  private static List<CommandInterceptor> and(List<CommandInterceptor> others, CommandInterceptor ours) {
    var all = new ArrayList<>(others == null ? List.<CommandInterceptor>of() : others);
    all.add(ours);
    return all;
  }

  /** Comes after Camunda's own interceptors, so that the command has its context. */
  private final class WithoutChecks extends CommandInterceptor {
    @Override
    public <T> T execute(Command<T> command) {
      var context = Context.getCommandContext();
      var authentication = context.getAuthentication();
      if (authentication != null && service.isNamed(authentication.getUserId())) {
        context.disableAuthorizationCheck();
        context.disableTenantCheck();
      }
      return next.execute(command);
    }
  }
}
