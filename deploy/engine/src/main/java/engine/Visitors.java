package engine;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.function.Supplier;
import org.camunda.bpm.engine.IdentityService;
import org.camunda.bpm.engine.impl.identity.Authentication;
import org.camunda.bpm.webapp.impl.security.auth.AuthenticationUtil;
import org.camunda.bpm.webapp.impl.security.auth.UserAuthentication;

/** Who is logged in: by the header of the call, or by the session of a web application. */
final class Visitors {
  private static final String ENGINE = "default";
  private final IdentityService identity;

  Visitors(IdentityService identity) {
    this.identity = identity;
  }

  Optional<Authentication> of(HttpServletRequest request) {
    if (identity.getCurrentAuthentication() != null) {
      return Optional.of(identity.getCurrentAuthentication());
    }
    var session = request.getSession(false);
    var logins = session == null ? null : AuthenticationUtil.getAuthsFromSession(session);
    var login = logins == null ? null : (UserAuthentication) logins.getAuthenticationForProcessEngine(ENGINE);
    return Optional.ofNullable(login).map(known -> new Authentication(known.getIdentityId(), known.getGroupIds(), known.getTenantIds()));
  }

  /** Does the work with this person's rights; null means all rights. */
  <T> T as(Authentication person, Supplier<T> work) {
    var before = identity.getCurrentAuthentication();
    identity.clearAuthentication();
    try {
      if (person != null) {
        identity.setAuthentication(person.getUserId(), person.getGroupIds(), person.getTenantIds());
      }
      return work.get();
    } finally {
      identity.clearAuthentication();
      if (before != null) {
        identity.setAuthentication(before.getUserId(), before.getGroupIds(), before.getTenantIds());
      }
    }
  }
}
