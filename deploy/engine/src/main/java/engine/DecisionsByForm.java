package engine;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;
import java.util.regex.Pattern;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * A queue decides by its form. Camunda lets everybody to whom a task is offered also throw any error of the models from
 * it, and one of an item would end the whole order. Workers throw theirs from external tasks.
 */
final class DecisionsByForm extends OncePerRequestFilter {
  private static final Pattern THROWN_FROM_QUEUE = Pattern.compile(".*/task/[^/]+/bpmn(Error|Escalation)/?");

  @Override
  protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    var path = request.getServletPath() + Objects.requireNonNullElse(request.getPathInfo(), "");
    if (THROWN_FROM_QUEUE.matcher(path).matches()) {
      response.sendError(HttpServletResponse.SC_FORBIDDEN, "Decide by the form of the task.");
    } else {
      chain.doFilter(request, response);
    }
  }
}
