package engine;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.camunda.bpm.engine.ProcessEngineException;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * People change process variables only through the fields of their tasks' forms. Camunda itself lets each candidate of
 * a task write any variable, even those that timers and gateways read.
 *
 * <p>Applies to the REST API and to the same API behind the web applications. Does not check rights: Camunda may still
 * refuse a call that passes here.
 */
final class PeopleUseForms extends OncePerRequestFilter {
  private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");
  private static final Set<String> VARIABLES =
      Set.of("variables", "modifications", "localVariables", "processVariables", "processVariablesLocal", "processVariablesToTriggeredScope");
  private static final Pattern DECISION = path("/task/([^/]+)/(?:complete|submit-form)/?");
  private static final Pattern CLAIM = path("/task/[^/]+/claim/?");
  private static final Pattern EVALUATION = path("/decision-definition/.+/evaluate/?");
  private static final Pattern UPLOAD = path("/deployment/create/?|/task/[^/]+/attachment/create/?");
  private static final int MAX_BODY = 1_000_000;
  private static final String BY_FORM = "Only the forms of tasks and the order service write variables.";

  /** Paths that are closed to people, and the reason that the answer gives. */
  private record Closed(Pattern path, String why) {}

  private static final List<Closed> CLOSED =
      List.of(
          new Closed(path("/task/[^/]+/bpmn(?:Error|Escalation)/?"), "Decide in the form of the task."),
          new Closed(
              path("/(?:task|execution|process-instance)/[^/]+/(?:variables|localVariables)(?:/.*)?|/process-instance/variables-async/?"),
              BY_FORM),
          new Closed(
              path("/(?:message|signal|condition)/?|/execution/[^/]+/(?:signal|messageSubscriptions/.+)|/process-instance/message-async/?"),
              "Only the order service says what has happened."),
          new Closed(
              path("/external-task/fetchAndLock/?|/external-task/[^/]+/(?:complete|bpmnError|failure|extendLock|lock|unlock)/?"),
              "Only the order service works on external tasks."),
          // A refused execution counts as a failed one: three of them stop a timer. Of a job that belongs to no process,
          // such as the clean-up of the history, Camunda asks no right before it is suspended.
          new Closed(path("/job/[^/]+/(?:execute|suspended)/?"), "Only the engine runs and stops its jobs."),
          new Closed(path("/identity/verify/?"), "The engine checks passwords only at the log-in."));

  /** A dot stands for line separators too. */
  private static Pattern path(String form) {
    return Pattern.compile(form, Pattern.DOTALL);
  }

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private final TaskForms forms;
  private final Visitors visitors;

  PeopleUseForms(TaskForms forms, Visitors visitors) {
    this.forms = forms;
    this.visitors = visitors;
  }

  @Override
  protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    var path = Api.path(request).orElse(null);
    if (path == null || READING.contains(request.getMethod()) || ServiceLogin.isService(request)) {
      chain.doFilter(request, response);
      return;
    }
    var visitor = visitors.of(request);
    var closed = CLOSED.stream().filter(each -> each.path().matcher(path).matches()).findFirst();
    if (visitor.isEmpty()) {
      Refusal.send(response, HttpServletResponse.SC_UNAUTHORIZED, "NotLoggedIn", "Log in first.");
    } else if (closed.isPresent()) {
      refuse(response, closed.get().why());
    } else if (UPLOAD.matcher(path).matches()) {
      chain.doFilter(request, response);
    } else {
      passBody(path, visitor.get().getUserId(), request, response, chain);
    }
  }

  private void passBody(String path, String visitor, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    var call = BufferedRequest.of(request, MAX_BODY);
    if (call.isTooLong()) {
      Refusal.send(response, HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE, "TooLong", "Send at most 1 MB.");
      return;
    }
    JsonNode body;
    try {
      body = JSON.readTree(call.body());
    } catch (IOException malformed) {
      Refusal.send(response, HttpServletResponse.SC_BAD_REQUEST, "NotJson", "The body must be JSON that names each member once.");
      return;
    }
    if (!body.isContainerNode() && !body.isMissingNode()) {
      Refusal.send(response, HttpServletResponse.SC_BAD_REQUEST, "NotJson", "The body must be a JSON object.");
      return;
    }
    var why = whyRefused(path, body, visitor);
    if (why.isPresent()) {
      refuse(response, why.get());
    } else {
      // Passes the body on as parsed here, because Camunda might parse the original bytes differently.
      chain.doFilter(body.isMissingNode() ? call : call.with(JSON.writeValueAsBytes(body)), response);
    }
  }

  private Optional<String> whyRefused(String path, JsonNode body, String visitor) {
    var decision = DECISION.matcher(path);
    if (decision.matches()) {
      return whyNotByForm(decision.group(1), body.path("variables"));
    }
    if (CLAIM.matcher(path).matches()) {
      var isOwn = visitor.equals(body.path("userId").textValue());
      return isOwn ? Optional.empty() : Optional.of("Claim tasks only for yourself; use assign for other people.");
    }
    if (EVALUATION.matcher(path).matches()) {
      return whyNotPlain(body.path("variables"));
    }
    return writesVariables(body) ? Optional.of(BY_FORM) : Optional.empty();
  }

  private Optional<String> whyNotByForm(String taskId, JsonNode variables) {
    if (variables.isEmpty()) {
      return Optional.empty();
    }
    var others = new TreeSet<String>();
    variables.fieldNames().forEachRemaining(others::add);
    try {
      others.removeAll(visitors.as(null, () -> forms.fieldsOf(taskId)));
    } catch (ProcessEngineException noForm) {
      return Optional.of("There is no such task, or it has no form.");
    }
    return others.isEmpty() ? whyNotPlain(variables) : Optional.of("The form of the task has no such field: " + String.join(", ", others) + ".");
  }

  private static Optional<String> whyNotPlain(JsonNode variables) {
    var others = FormValues.othersIn(variables);
    return others.isEmpty() ? Optional.empty() : Optional.of("Send a text, number, date, true or false: " + String.join(", ", others) + ".");
  }

  /** A query uses the same names for lists, which write nothing; only an object writes variables. */
  private static boolean writesVariables(JsonNode node) {
    return node.properties().stream().anyMatch(member -> VARIABLES.contains(member.getKey()) && member.getValue().isObject() && !member.getValue().isEmpty())
        || StreamSupport.stream(node.spliterator(), false).anyMatch(PeopleUseForms::writesVariables);
  }

  private static void refuse(HttpServletResponse response, String why) throws IOException {
    Refusal.send(response, HttpServletResponse.SC_FORBIDDEN, "NotByForm", why);
  }
}
