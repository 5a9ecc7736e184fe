package engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.camunda.bpm.engine.IdentityService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class ServiceLoginTest {
  private final IdentityService identity = mock(IdentityService.class);
  private final ServiceLogin login = new ServiceLogin(Service.of(Map.of(Service.SECRET, "secret")), identity);
  private final MockHttpServletResponse response = new MockHttpServletResponse();

  static MockHttpServletRequest calledBy(String nameAndSecret) {
    var request = new MockHttpServletRequest("GET", "/engine-rest/task");
    request.setServletPath("/engine-rest");
    request.setPathInfo("/task");
    var encoded = Base64.getEncoder().encodeToString(nameAndSecret.getBytes(StandardCharsets.UTF_8));
    request.addHeader("Authorization", "Basic " + encoded);
    return request;
  }

  @Test
  void theServiceIsLoggedInForTheCallOnly() throws Exception {
    var request = calledBy("order-service:secret");
    var chain = mock(FilterChain.class);

    login.doFilter(request, response, chain);

    var order = inOrder(identity, chain);
    order.verify(identity).setAuthentication("order-service", List.of(), List.of());
    order.verify(chain).doFilter(request, response);
    order.verify(identity).clearAuthentication();
    assertThat(ServiceLogin.isService(request)).isTrue();
  }

  @Test
  void aCallThatFailsLogsTheServiceOut() {
    FilterChain failing = (request, response) -> {
      throw new ServletException("broken");
    };

    assertThatThrownBy(() -> login.doFilter(calledBy("order-service:secret"), response, failing)).hasMessage("broken");

    var order = inOrder(identity);
    order.verify(identity).setAuthentication("order-service", List.of(), List.of());
    order.verify(identity).clearAuthentication();
  }

  @ParameterizedTest
  @ValueSource(strings = {"order-service:wrong", "order-service:", "order-service:secret "})
  void aWrongSecretIsRefusedWithoutALookUp(String given) throws Exception {
    var chain = mock(FilterChain.class);

    login.doFilter(calledBy(given), response, chain);

    assertThat(response.getStatus()).isEqualTo(401);
    assertThat(response.getContentAsString()).doesNotContain(given);
    verifyNoInteractions(identity, chain);
  }

  @ParameterizedTest
  @ValueSource(strings = {"carla:secret", "Order-Service:secret", "order-service"})
  void everybodyElseGoesOnToCamundasLogin(String given) throws Exception {
    var chain = mock(FilterChain.class);
    var request = calledBy(given);

    login.doFilter(request, response, chain);

    verify(chain).doFilter(request, response);
    verifyNoInteractions(identity);
    assertThat(ServiceLogin.isService(request)).isFalse();
  }
}
