package engine;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.camunda.bpm.webapp.impl.security.auth.AuthenticationUtil;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Limits the sessions of strangers. The web applications make one for each request without a cookie and keep it for half
 * an hour, so a stranger could fill the memory of the engine.
 */
final class FewSessions extends OncePerRequestFilter {
  static final int PER_MINUTE = 300;
  static final int SECONDS_OF_A_STRANGER = 60;
  static final int SECONDS_OF_A_PERSON = 1800;
  private static final Duration WINDOW = Duration.ofMinutes(1);
  private static final long MAX_ADDRESSES = 100_000;
  private final Cache<String, AtomicInteger> begun;

  FewSessions(Ticker clock) {
    begun = Caffeine.newBuilder().ticker(clock).expireAfterWrite(WINDOW).maximumSize(MAX_ADDRESSES).build();
  }

  @Override
  protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (request.getSession(false) == null && isOneTooMany(request)) {
      response.setHeader(HttpHeaders.RETRY_AFTER, Long.toString(WINDOW.toSeconds()));
      Refusal.send(response, HttpStatus.TOO_MANY_REQUESTS.value(), "TooManySessions", "Too many requests without a session came from this address.");
      return;
    }
    try {
      chain.doFilter(request, response);
    } finally {
      limitSession(request);
    }
  }

  private boolean isOneTooMany(HttpServletRequest request) {
    var address = LoginThrottle.networkOf(request.getRemoteAddr());
    return begun.get(address, first -> new AtomicInteger()).incrementAndGet() > PER_MINUTE;
  }

  private static void limitSession(HttpServletRequest request) {
    var session = request.getSession(false);
    if (session != null) {
      var isStranger = AuthenticationUtil.getAuthsFromSession(session).getAuthentications().isEmpty();
      session.setMaxInactiveInterval(isStranger ? SECONDS_OF_A_STRANGER : SECONDS_OF_A_PERSON);
    }
  }
}
