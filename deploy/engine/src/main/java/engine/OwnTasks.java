package engine;

import java.util.List;
import org.camunda.bpm.engine.AuthorizationException;
import org.camunda.bpm.engine.impl.cfg.AbstractProcessEnginePlugin;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.cfg.auth.AuthorizationCommandChecker;
import org.camunda.bpm.engine.impl.cfg.multitenancy.TenantCommandChecker;
import org.camunda.bpm.engine.impl.context.Context;
import org.camunda.bpm.engine.impl.persistence.entity.JobEntity;
import org.camunda.bpm.engine.impl.persistence.entity.TaskEntity;

/**
 * Only the assignee works on a claimed task: a person who may assign tasks must first release it or take it over. Only
 * administrators change jobs of no process, such as the clean-up of the history; Camunda itself checks nothing there.
 */
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
    var authentication = Context.getCommandContext().getAuthentication();
    if (isChecked() && task.getAssignee() != null && !task.getAssignee().equals(authentication.getUserId())) {
      throw new AuthorizationException("Task " + task.getId() + " is claimed by another person.");
    }
  }

  @Override
  public void checkUpdateJob(JobEntity job) {
    super.checkUpdateJob(job);
    requireAdministratorWithoutProcess(job);
  }

  @Override
  public void checkUpdateRetriesJob(JobEntity job) {
    super.checkUpdateRetriesJob(job);
    requireAdministratorWithoutProcess(job);
  }

  private void requireAdministratorWithoutProcess(JobEntity job) {
    if (isChecked() && job.getProcessDefinitionKey() == null) {
      getAuthorizationManager().checkCamundaAdmin();
    }
  }

  private static boolean isChecked() {
    var context = Context.getCommandContext();
    return context.getAuthentication() != null && context.isAuthorizationCheckEnabled();
  }
}
