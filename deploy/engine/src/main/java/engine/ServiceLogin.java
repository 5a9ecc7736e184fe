package engine;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.camunda.bpm.engine.IdentityService;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets the order service in by its secret, before Camunda checks the login. So Camunda looks up no user for it, and a
 * stranger who sends wrong secrets cannot lock the service out.
 */
final class ServiceLogin extends OncePerRequestFilter {
  private static final String IS_SERVICE = ServiceLogin.class.getName();
  private final Service service;
  private final IdentityService identity;

  ServiceLogin(Service service, IdentityService identity) {
    this.service = service;
    this.identity = identity;
  }

  static boolean isService(HttpServletRequest request) {
    return request.getAttribute(IS_SERVICE) != null;
  }

  @Override
  protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    var login = Service.Login.of(request.getHeader(HttpHeaders.AUTHORIZATION)).filter(given -> service.isNamed(given.name()));
    if (login.isEmpty()) {
      chain.doFilter(request, response);
    } else if (service.isProvenBy(login.get().secret())) {
      carryOut(request, response, chain);
    } else {
      response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"default\"");
      Refusal.send(response, HttpServletResponse.SC_UNAUTHORIZED, "WrongSecret", "This is not the secret of the order service.");
    }
  }

  private void carryOut(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    request.setAttribute(IS_SERVICE, true);
    identity.setAuthentication(Service.NAME, List.of(), List.of());
    try {
      chain.doFilter(request, response);
    } finally {
      identity.clearAuthentication();
    }
  }
}
