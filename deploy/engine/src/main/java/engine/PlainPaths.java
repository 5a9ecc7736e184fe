package engine;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.springframework.util.StringUtils;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses addresses that can be read in two ways. Camunda's own filters read the address as the caller sent it; Tomcat
 * and Jersey each clean it up first. So {@code /camunda;x/api/engine/…} would bypass Camunda's log-in.
 */
final class PlainPaths extends OncePerRequestFilter {
  /** The path as Tomcat reads it: decoded once, without parameters, dots and double slashes. */
  static String of(HttpServletRequest request) {
    return request.getServletPath() + Objects.requireNonNullElse(request.getPathInfo(), "");
  }

  @Override
  protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (isPlain(request)) {
      chain.doFilter(request, response);
    } else {
      Refusal.send(response, HttpServletResponse.SC_BAD_REQUEST, "PathNotPlain", "Write the address without parameters, dots and double slashes.");
    }
  }

  private static boolean isPlain(HttpServletRequest request) {
    var sent = request.getRequestURI();
    var read = request.getContextPath() + of(request);
    var mount = request.getPathInfo() == null ? "" : request.getContextPath() + request.getServletPath();
    return sent.startsWith(mount) && isDecodedTo(read, sent) && read.chars().noneMatch(PlainPaths::endsLine);
  }

  private static boolean endsLine(int character) {
    var kind = Character.getType(character);
    return kind == Character.CONTROL || kind == Character.LINE_SEPARATOR || kind == Character.PARAGRAPH_SEPARATOR;
  }

  private static boolean isDecodedTo(String read, String sent) {
    try {
      return StringUtils.uriDecode(sent, StandardCharsets.UTF_8).equals(read);
    } catch (IllegalArgumentException malformed) {
      return false;
    }
  }
}
