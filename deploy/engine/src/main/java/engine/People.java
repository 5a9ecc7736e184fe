package engine;

import org.camunda.bpm.engine.exception.NotValidException;
import org.camunda.bpm.engine.identity.User;
import org.camunda.bpm.engine.impl.cfg.AbstractProcessEnginePlugin;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.identity.IdentityOperationResult;
import org.camunda.bpm.engine.impl.identity.db.DbIdentityServiceProvider;
import org.camunda.bpm.engine.impl.interceptor.Session;
import org.camunda.bpm.engine.impl.interceptor.SessionFactory;
import org.camunda.bpm.engine.impl.persistence.entity.UserEntity;

/**
 * Camunda's users, with two differences. No user may have the name of the order service. And a wrong password locks no
 * user: {@link LoginThrottle} slows the address that guesses, so a stranger cannot shut out a person by name.
 */
final class People extends DbIdentityServiceProvider {
  private final Service service;
  private final LoginThrottle throttle;

  private People(Service service, LoginThrottle throttle) {
    this.service = service;
    this.throttle = throttle;
  }

  static final class Plugin extends AbstractProcessEnginePlugin {
    private final Service service;
    private final LoginThrottle throttle;

    Plugin(Service service, LoginThrottle throttle) {
      this.service = service;
      this.throttle = throttle;
    }

    @Override
    public void preInit(ProcessEngineConfigurationImpl engine) {
      engine.setIdentityProviderSessionFactory(
          new SessionFactory() {
            @Override
            public Class<?> getSessionType() {
              return People.class;
            }

            @Override
            public Session openSession() {
              return new People(service, throttle);
            }
          });
    }
  }

  @Override
  public UserEntity createNewUser(String userId) {
    refuseService(userId);
    return super.createNewUser(userId);
  }

  @Override
  public IdentityOperationResult saveUser(User user) {
    refuseService(user.getId());
    return super.saveUser(user);
  }

  @Override
  public boolean checkPassword(String userId, String password) {
    if (userId == null || service.isNamed(userId)) {
      return false;
    }
    return throttle.check(userId, () -> super.checkPassword(userId, password));
  }

  @Override
  protected boolean isUserLocked(UserEntity user) {
    return false;
  }

  @Override
  protected void lockUser(UserEntity user) {
    // See above: the address is slowed, not the name.
  }

  private void refuseService(String userId) {
    if (service.isNamed(userId)) {
      throw new NotValidException("'" + userId + "' is the order service and cannot be a user.");
    }
  }
}
