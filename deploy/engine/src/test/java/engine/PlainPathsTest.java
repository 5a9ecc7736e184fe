package engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class PlainPathsTest {
  /** Tomcat decodes the address that the caller sent, and splits the result into the mount and the rest. */
  @ParameterizedTest
  @CsvSource(nullValues = "none", value = {
    "/engine-rest/task/a,                      /engine-rest,        /task/a,            200",
    "/engine-rest/user/a%20b,                  /engine-rest,        /user/a b,          200",
    "/camunda/app/tasklist/default/,           /camunda/app/tasklist/default/, none,    200",
    "/camunda;aaaaaa/api/engine/default/x,     /camunda/api/engine, /default/x,         400",
    "/camunda////////api/engine/default/x,     /camunda/api/engine, /default/x,         400",
    "/camun%64a/api/engine/engine/x,           /camunda/api/engine, /engine/x,          400",
    "/engine-rest/task/a/variables/%2e%2e,     /engine-rest,        /task/a,            400",
    "/engine-rest/task/a/variables/x%0Ay,      /engine-rest,        '/task/a/variables/x\ny', 400",
    "/engine-rest/task/a/variables/x%E2%80%A8, /engine-rest,        '/task/a/variables/x\u2028', 400",
    "/engine-rest/task/a/variables/x%E2%80%A9, /engine-rest,        '/task/a/variables/x\u2029', 400",
    "/engine-rest/task/a/variables/x%C2%85,    /engine-rest,        '/task/a/variables/x\u0085', 400",
    "/engine-rest/task/a;b=c/complete,         /engine-rest,        /task/a/complete,   400",
    "/engine-rest/task/%zz,                    /engine-rest,        /task/%zz,          400",
  })
  void onlyAnAddressThatAllProgramsReadAlikePasses(String sent, String mount, String rest, int status) throws Exception {
    var request = new MockHttpServletRequest("GET", sent);
    request.setServletPath(mount);
    request.setPathInfo(rest == null ? null : rest.replace("\\n", "\n"));
    var response = new MockHttpServletResponse();

    new PlainPaths().doFilter(request, response, (inner, answer) -> {});

    assertThat(response.getStatus()).isEqualTo(status);
  }
}
