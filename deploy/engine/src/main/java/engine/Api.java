package engine;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.regex.Pattern;

/** The REST API of the engine, which Camunda mounts twice: for programs, and behind the web applications. */
final class Api {
  private static final Pattern MOUNTS =
      Pattern.compile("(?:/engine-rest(?:/engine/[^/]+)?|/camunda/api/engine/engine/[^/]+)(/.*)", Pattern.DOTALL);

  private Api() {}

  /** The path inside the API, without the name of the engine; empty outside the API. */
  static Optional<String> path(HttpServletRequest request) {
    var matched = MOUNTS.matcher(PlainPaths.of(request));
    return matched.matches() ? Optional.of(matched.group(1)) : Optional.empty();
  }
}
