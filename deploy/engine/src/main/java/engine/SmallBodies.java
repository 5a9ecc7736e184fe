package engine;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Limits the bodies that Camunda reads before it knows the caller: those of the log-in page and of the first set-up. It
 * reads each into memory as a whole, so a stranger could fill the memory of the engine.
 */
final class SmallBodies extends OncePerRequestFilter {
  static final int MAX_BODY = 10_000;

  @Override
  protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    var call = request.getContentLengthLong() > MAX_BODY ? null : BufferedRequest.of(request, MAX_BODY);
    if (call == null || call.isTooLong()) {
      response.setHeader(HttpHeaders.CONNECTION, "close");
      Refusal.send(response, HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE, "TooLong", "The body may have at most 10 kB.");
    } else {
      chain.doFilter(call, response);
    }
  }
}
