package engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Ticker;
import jakarta.servlet.FilterChain;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class LoginThrottleTest {
  private final LoginThrottle throttle = new LoginThrottle(new FailedLogins(Ticker.systemTicker()));

  private MockHttpServletResponse call(String path, FilterChain chain) throws Exception {
    var request = new MockHttpServletRequest("POST", path);
    request.setServletPath(path);
    var response = new MockHttpServletResponse();
    throttle.doFilter(request, response, chain);
    return response;
  }

  /** Stands in for Camunda, which answers 401 to a wrong password, either by sendError or by setStatus. */
  private FilterChain camunda(boolean isRight, boolean bySendError) {
    return (request, response) -> {
      if (!throttle.check("carla", () -> isRight)) {
        var http = (HttpServletResponse) response;
        if (bySendError) {
          http.sendError(401);
        } else {
          http.setStatus(401);
        }
      }
    };
  }

  private void guessTooOften() throws Exception {
    for (var i = 0; i < 11; i++) {
      call("/engine-rest/task", camunda(false, false));
    }
  }

  @Test
  void afterTenWrongPasswordsEvenTheRightOneIsRefused() throws Exception {
    for (var i = 0; i < 10; i++) {
      assertThat(call("/engine-rest/task", camunda(false, i % 2 == 0)).getStatus()).isEqualTo(401);
    }

    for (var bySendError : new boolean[] {true, false}) {
      var refused = call("/engine-rest/task", camunda(true, bySendError));
      assertThat(refused.getStatus()).isEqualTo(429);
      assertThat(Integer.parseInt(refused.getHeader("Retry-After"))).isBetween(1, 60);
    }
  }

  @Test
  void aRefusalForAnotherReasonStaysWhatItIs() throws Exception {
    FilterChain forbidden = (request, response) -> ((HttpServletResponse) response).setStatus(403);

    assertThat(call("/engine-rest/task", forbidden).getStatus()).isEqualTo(403);
  }

  @Test
  void aNameThatAnOperatorUnlocksLogsInAtOnce() throws Exception {
    guessTooOften();

    call("/engine-rest/user/carla/unlock", (request, response) -> ((HttpServletResponse) response).setStatus(204));

    assertThat(call("/engine-rest/task", camunda(true, false)).getStatus()).isEqualTo(200);
  }

  @Test
  void anUnlockingThatCamundaRefusedChangesNothing() throws Exception {
    guessTooOften();

    call("/engine-rest/user/carla/unlock", (request, response) -> ((HttpServletResponse) response).setStatus(403));

    assertThat(call("/engine-rest/task", camunda(true, false)).getStatus()).isEqualTo(429);
  }

  @Test
  void oneIpv6NetworkIsOneAddress() {
    assertThat(LoginThrottle.networkOf("2001:db8:1:2::1")).isEqualTo(LoginThrottle.networkOf("2001:db8:1:2:ffff::9"));
    assertThat(LoginThrottle.networkOf("2001:db8:1:2::1")).isNotEqualTo(LoginThrottle.networkOf("2001:db8:1:3::1"));
    assertThat(LoginThrottle.networkOf("10.0.0.1")).isNotEqualTo(LoginThrottle.networkOf("10.0.0.2"));
  }
}
