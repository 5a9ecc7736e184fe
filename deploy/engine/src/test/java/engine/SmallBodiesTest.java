package engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class SmallBodiesTest {
  @ParameterizedTest
  @CsvSource({"0,200", "40,200", "10000,200", "10001,413", "5000000,413"})
  void aStrangerMaySendOnlyASmallBody(int length, int status) throws Exception {
    var sent = "x".repeat(length);
    var request = new MockHttpServletRequest("POST", "/camunda/api/admin/auth/user/default/login/tasklist");
    request.setContent(sent.getBytes(StandardCharsets.UTF_8));
    var response = new MockHttpServletResponse();

    new SmallBodies().doFilter(request, response, (inner, answer) ->
        assertThat(new String(inner.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(sent));

    assertThat(response.getStatus()).isEqualTo(status);
  }
}
