package engine;

import java.util.List;
import org.camunda.bpm.engine.AuthorizationException;
import org.camunda.bpm.engine.impl.cfg.AbstractProcessEnginePlugin;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.cfg.auth.AuthorizationCommandChecker;
import org.camunda.bpm.engine.impl.cfg.multitenancy.TenantCommandChecker;
import org.camunda.bpm.engine.impl.context.Context;
import org.camunda.bpm.engine.impl.persistence.entity.TaskEntity;

/** Only the assignee works on a claimed task. A person who may assign tasks must first release it or take it over. */
final class OwnTasks extends AuthorizationCommandChecker {
  static final class Plugin extends AbstractProcessEnginePlugin {
    @Override
    public void preInit(ProcessEngineConfigurationImpl engine) {
      engine.setCommandCheckers(List.of(new TenantCommandChecker(), new OwnTasks()));
    }
  }

  @Override
  public void checkTaskWork(TaskEntity task) {
    super.checkTaskWork(task);
    var context = Context.getCommandContext();
    var authentication = context.getAuthentication();
    var isChecked = authentication != null && context.isAuthorizationCheckEnabled();
    if (isChecked && task.getAssignee() != null && !task.getAssignee().equals(authentication.getUserId())) {
      throw new AuthorizationException("Task " + task.getId() + " is claimed by another person.");
    }
  }
}
