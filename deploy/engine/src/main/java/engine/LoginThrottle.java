package engine;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Slows callers who guess passwords. Counts where Camunda checks a password ({@link People}), so every way to send one
 * counts. The filter knows the caller's address and answers 429 where Camunda would answer 401 without a check.
 */
final class LoginThrottle extends OncePerRequestFilter {
  private static final Pattern LOGIN_PAGE = Pattern.compile("/camunda/api/admin/auth/user/.*");
  private static final Pattern UNLOCK = Pattern.compile(".*/user/([^/]+)/unlock/?");
  private static final int MAX_NAME = 200;

  /** The call that this thread carries out. */
  private static final class Call {
    final String address;
    int secondsToWait;

    Call(String address) {
      this.address = address;
    }
  }

  private static final ThreadLocal<Call> CALL = new ThreadLocal<>();
  private final FailedLogins failures;

  LoginThrottle(FailedLogins failures) {
    this.failures = failures;
  }

  /** Whether the password is right. Returns false without a check after too many wrong passwords. */
  boolean check(String name, BooleanSupplier isRight) {
    var call = CALL.get();
    if (call == null) {
      return isRight.getAsBoolean();
    }
    // PostgreSQL refuses a text with NUL, so the engine cannot look up such a name.
    BooleanSupplier look = name.indexOf('\0') < 0 ? isRight : () -> false;
    var outcome = failures.tryToLogIn(name.substring(0, Math.min(name.length(), MAX_NAME)), call.address, look);
    call.secondsToWait = outcome.secondsToWait();
    return outcome.isRight();
  }

  @Override
  protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    var path = PlainPaths.of(request);
    if (LOGIN_PAGE.matcher(path).matches() && request.getQueryString() != null) {
      // Jersey would read a password from there, and write the whole address to the log.
      Refusal.send(response, HttpServletResponse.SC_BAD_REQUEST, "NoQuery", "Send name and password in the body.");
      return;
    }
    var call = new Call(networkOf(request.getRemoteAddr()));
    CALL.set(call);
    try {
      chain.doFilter(request, new TooMany(response, call));
    } finally {
      CALL.remove();
    }
    var unlocked = UNLOCK.matcher(path);
    if (unlocked.matches() && response.getStatus() == HttpServletResponse.SC_NO_CONTENT) {
      failures.forget(unlocked.group(1));
    }
  }

  private static final class TooMany extends HttpServletResponseWrapper {
    private final Call call;

    TooMany(HttpServletResponse response, Call call) {
      super(response);
      this.call = call;
    }

    @Override
    public void setStatus(int status) {
      super.setStatus(translated(status));
    }

    @Override
    public void sendError(int status) throws IOException {
      super.sendError(translated(status));
    }

    @Override
    public void sendError(int status, String message) throws IOException {
      super.sendError(translated(status), message);
    }

    private int translated(int status) {
      if (status != SC_UNAUTHORIZED || call.secondsToWait == 0) {
        return status;
      }
      setHeader(HttpHeaders.RETRY_AFTER, Integer.toString(call.secondsToWait));
      return HttpStatus.TOO_MANY_REQUESTS.value();
    }
  }

  /** For IPv6, only the half that names the network: a caller with one of its addresses can use all 2^64. */
  static String networkOf(String address) {
    try {
      var parsed = InetAddress.getByName(address);
      return parsed instanceof Inet6Address ? Arrays.toString(Arrays.copyOf(parsed.getAddress(), 8)) : parsed.getHostAddress();
    } catch (UnknownHostException notAnAddress) {
      return address;
    }
  }
}
