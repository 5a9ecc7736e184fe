package engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.camunda.bpm.webapp.impl.security.auth.AuthenticationUtil;
import org.camunda.bpm.webapp.impl.security.auth.UserAuthentication;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.mock.web.MockHttpSession;

class FewSessionsTest {
  private final AtomicLong now = new AtomicLong();
  private final FewSessions filter = new FewSessions(now::get);

  private int call(String address, MockHttpSession session) throws Exception {
    var request = new MockHttpServletRequest("GET", "/camunda/app/tasklist/default/");
    request.setRemoteAddr(address);
    request.setSession(session);
    var response = new MockHttpServletResponse();
    filter.doFilter(request, response, (inner, answer) -> request.getSession());
    return response.getStatus();
  }

  private void useUpTheSessionsOf(String address) throws Exception {
    for (var count = 0; count < FewSessions.PER_MINUTE; count++) {
      assertThat(call(address, null)).isEqualTo(200);
    }
  }

  @Test
  void anAddressBeginsFewSessionsAMinute() throws Exception {
    useUpTheSessionsOf("192.0.2.1");

    assertThat(call("192.0.2.1", null)).isEqualTo(429);
    assertThat(call("192.0.2.2", null)).isEqualTo(200);
    now.addAndGet(Duration.ofMinutes(2).toNanos());
    assertThat(call("192.0.2.1", null)).isEqualTo(200);
  }

  @Test
  void aCallerWithASessionGoesOn() throws Exception {
    useUpTheSessionsOf("192.0.2.1");

    assertThat(call("192.0.2.1", new MockHttpSession())).isEqualTo(200);
  }

  @Test
  void theSessionOfAStrangerIsShort() throws Exception {
    var stranger = new MockHttpSession();

    call("192.0.2.1", stranger);

    assertThat(stranger.getMaxInactiveInterval()).isEqualTo(FewSessions.SECONDS_OF_A_STRANGER);
  }

  @Test
  void theSessionOfAPersonLasts() throws Exception {
    var session = new MockHttpSession();
    var carla = new UserAuthentication("carla", "default");
    carla.setGroupIds(List.of());
    AuthenticationUtil.getAuthsFromSession(session).addOrReplace(carla);

    call("192.0.2.1", session);

    assertThat(session.getMaxInactiveInterval()).isEqualTo(FewSessions.SECONDS_OF_A_PERSON);
  }
}
