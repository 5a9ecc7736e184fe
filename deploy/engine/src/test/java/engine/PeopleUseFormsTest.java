package engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verifyNoInteractions;
import static org.mockito.Mockito.when;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.camunda.bpm.engine.FormService;
import org.camunda.bpm.engine.IdentityService;
import org.camunda.bpm.engine.exception.NullValueException;
import org.camunda.bpm.engine.impl.form.CamundaFormRefImpl;
import org.camunda.bpm.engine.impl.form.TaskFormDataImpl;
import org.camunda.bpm.engine.impl.identity.Authentication;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class PeopleUseFormsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FORM =
      """
      {"components": [{"type": "text", "text": "Total"}, {"type": "select", "key": "decision"},
        {"type": "textfield", "key": "total", "readonly": true}, {"type": "textfield", "key": "link", "disabled": true},
        {"type": "group", "components": [{"type": "textfield", "key": "decision_reason"}]}]}""";
  private final IdentityService identity = mock(IdentityService.class);
  private final FormService forms = mock(FormService.class);
  private final PeopleUseForms filter = new PeopleUseForms(new TaskForms(forms), new Visitors(identity));

  @BeforeEach
  void carlaHasATask() {
    var form = new TaskFormDataImpl();
    form.setCamundaFormRef(new CamundaFormRefImpl("review", "deployment"));
    when(forms.getTaskFormData(anyString())).thenReturn(form);
    when(forms.getDeployedTaskForm(anyString()))
        .thenAnswer(call -> new ByteArrayInputStream(FORM.getBytes(StandardCharsets.UTF_8)));
    when(identity.getCurrentAuthentication()).thenReturn(new Authentication("carla", List.of()));
  }

  private record Passed(int status, String body) {}

  private Passed call(String method, String servlet, String path, String body) throws Exception {
    var request = new MockHttpServletRequest(method, servlet + path);
    request.setServletPath(servlet);
    request.setPathInfo(path);
    request.setContentType("application/json");
    request.setContent(body.getBytes(StandardCharsets.UTF_8));
    var response = new MockHttpServletResponse();
    var passed = new String[1];
    filter.doFilter(request, response, (inner, answer) -> passed[0] = new String(inner.getInputStream().readAllBytes()));
    return new Passed(passed[0] == null ? response.getStatus() : 0, passed[0]);
  }

  // Every operation of the engine that takes a variable.

  private record Operation(String method, String path) {
    @Override
    public String toString() {
      return method + " " + path;
    }
  }

  static Stream<Operation> operationsThatTakeVariables() throws IOException {
    var api = JSON.readTree(PeopleUseFormsTest.class.getResourceAsStream("/openapi.json"));
    var operations = new ArrayList<Operation>();
    api.path("paths").properties().forEach(path -> path.getValue().properties().forEach(method -> {
      for (var content : method.getValue().path("requestBody").path("content")) {
        if (takesVariables(content, api, new HashSet<>())) {
          operations.add(new Operation(method.getKey().toUpperCase(), path.getKey()));
        }
      }
      if (method.getKey().equals("delete") && path.getKey().matches("/[^/]+/\\{id}/(variables|localVariables)/.+")) {
        operations.add(new Operation("DELETE", path.getKey()));
      }
    }));
    // An evaluation writes no variable of a process.
    return operations.stream().filter(operation -> !operation.path.endsWith("/evaluate"));
  }

  private static boolean takesVariables(JsonNode node, JsonNode api, Set<String> seen) {
    var reference = node.path("$ref").asText();
    if (!reference.isEmpty()) {
      var name = reference.substring(reference.lastIndexOf('/') + 1);
      var isVariable = name.endsWith("VariableValueDto") || name.equals("MultiFormVariableBinaryDto");
      return isVariable || (seen.add(name) && takesVariables(api.at(reference.substring(1)), api, seen));
    }
    return StreamSupport.stream(node.spliterator(), false).anyMatch(each -> takesVariables(each, api, seen));
  }

  @Test
  void theOperationsComeFromTheEnginesOpenapiDocument() throws IOException {
    assertThat(operationsThatTakeVariables().map(Operation::toString))
        .hasSizeGreaterThan(40)
        .contains("POST /task/{id}/resolve", "POST /message", "POST /process-instance/{id}/modification")
        .contains("POST /task/{id}/variables/{varName}/data", "DELETE /execution/{id}/localVariables/{varName}");
  }

  @ParameterizedTest
  @MethodSource("operationsThatTakeVariables")
  void everyOperationRefusesAVariableOutsideTheForm(Operation operation) throws Exception {
    var variable = "{\"total\": {\"value\": \"0.01\", \"type\": \"String\"}}";
    var bodies = List.of(
        "{\"variables\": " + variable + "}",
        "{\"modifications\": " + variable + "}",
        "{\"processVariables\": " + variable + "}",
        "{\"processVariablesLocal\": " + variable + "}",
        "{\"processVariablesToTriggeredScope\": " + variable + "}",
        "{\"localVariables\": " + variable + "}",
        "{\"instructions\": [{\"type\": \"startBeforeActivity\", \"variables\": " + variable + "}]}",
        "{\"migrationPlan\": {\"variables\": " + variable + "}}");
    var path = operation.path.replaceAll("\\{[^}]+}", "x1");
    for (var servlet : List.of("/engine-rest", "/engine-rest/engine/default", "/camunda/api/engine/engine/default")) {
      for (var body : bodies) {
        var passed = call(operation.method, servlet, path, body);
        // A decision takes the member `variables` only; Camunda ignores or refuses the others.
        var isUnread = path.matches("/task/x1/(complete|submit-form)") && !body.startsWith("{\"variables\"");
        assertThat(passed.status).as(servlet + path + " " + body).isIn(isUnread ? List.of(0, 403) : List.of(403));
      }
    }
  }

  // Decisions.

  @ParameterizedTest
  @ValueSource(strings = {"complete", "submit-form"})
  void theFieldsOfTheFormPass(String how) throws Exception {
    var body = "{\"variables\":{\"decision\":{\"value\":\"accept\"},\"decision_reason\":{\"value\":\"fine\"}}}";

    assertThat(call("POST", "/engine-rest", "/task/t1/" + how, body).body).isEqualTo(body);
  }

  @ParameterizedTest
  @CsvSource({"total", "link", "order_id", "payment_time_limit"})
  void aFieldThatTheFormOnlyShowsOrDoesNotHaveIsRefused(String name) throws Exception {
    var body = "{\"variables\":{\"decision\":{\"value\":\"accept\"},\"" + name + "\":{\"value\":\"s3cr3t\"}}}";

    assertThat(call("POST", "/engine-rest", "/task/t1/complete", body).status).isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "{\"variables\": {}, \"variables\": {\"total\": {\"value\": 1}}}", "{\"variables\": {}} {\"variables\": {}}", "{'variables': {}}", "variables="
  })
  void aBodyThatCanBeReadInTwoWaysIsRefused(String body) throws Exception {
    assertThat(call("POST", "/engine-rest", "/task/t1/complete", body).status).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "{'type':'Object','value':'x','valueInfo':{'objectTypeName':'java.io.FileWriter','serializationDataFormat':'application/json'}}",
    "{'type':'object','value':'x'}", "{'type':'Json','value':'{}'}", "{'type':'Xml','value':'<a/>'}", "{'type':'Bytes','value':'YQ=='}",
    "{'type':'File','value':'YQ==','valueInfo':{'filename':'a'}}", "{'value':{'a':1}}", "{'value':['a']}", "{'value':'a','valueInfo':{'a':1}}", "'accept'"
  })
  void aFieldRefusesAnObject(String value) throws Exception {
    var variables = "{\"variables\":{\"decision\":" + value.replace('\'', '"') + "}}";

    assertThat(call("POST", "/engine-rest", "/task/t1/complete", variables).status).isEqualTo(403);
    assertThat(call("POST", "/engine-rest", "/task/t1/submit-form", variables).status).isEqualTo(403);
    assertThat(call("POST", "/engine-rest", "/decision-definition/key/fraud-decision/evaluate", variables).status).isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "{'value':'accept','type':'String','valueInfo':{}}", "{'value':'accept','type':'String','valueInfo':null}", "{'value':true,'type':'Boolean'}",
    "{'value':3,'type':'Integer'}", "{'value':null,'type':'Null'}", "{'value':'2026-11-29T08:30:00.000+0000','type':'Date'}", "{'value':'accept'}"
  })
  void aFieldHoldsAPlainValue(String value) throws Exception {
    var body = "{\"variables\":{\"decision\":" + value.replace('\'', '"') + "}}";

    assertThat(call("POST", "/engine-rest", "/task/t1/complete", body).body).isEqualTo(body);
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "1", "\"variables\""})
  void aBodyThatIsNotAnObjectIsRefused(String body) throws Exception {
    assertThat(call("POST", "/engine-rest", "/task/t1/complete", body).status).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/process-instance/p1/variables/x\u2028", "/execution/e1/localVariables/\u2029x", "/execution/e1/messageSubscriptions/x\u2028/trigger"})
  void aLineSeparatorDoesNotOpenAClosedPath(String path) throws Exception {
    assertThat(call("PUT", "/engine-rest", path, "{\"value\":\"evil\"}").status).isEqualTo(403);
  }

  @Test
  void aNumberKeepsItsDigits() throws Exception {
    var body = "{\"variables\":{\"decision\":{\"value\":12345678901234567890.12345678901234567890}}}";

    assertThat(call("POST", "/engine-rest", "/task/t1/complete", body).body).isEqualTo(body);
  }

  @Test
  void withoutAFormNoVariablePasses() throws Exception {
    when(forms.getTaskFormData(anyString())).thenThrow(new NullValueException("no such task"));

    assertThat(call("POST", "/engine-rest", "/task/t1/complete", "{\"variables\":{\"decision\":{\"value\":1}}}").status).isEqualTo(403);
  }

  @Test
  void theFormIsLookedUpWithoutThePersonsRights() throws Exception {
    call("POST", "/engine-rest", "/task/t1/complete", "{\"variables\":{\"decision\":{\"value\":1}}}");

    var order = inOrder(identity, forms);
    order.verify(identity).clearAuthentication();
    order.verify(forms).getTaskFormData("t1");
    order.verify(identity).setAuthentication("carla", List.of(), null);
  }

  @Test
  void aStrangerIsAskedToLogInBeforeAFormIsLookedUp() throws Exception {
    when(identity.getCurrentAuthentication()).thenReturn(null);

    assertThat(call("POST", "/camunda/api/engine/engine/default", "/task/t1/complete", "{}").status).isEqualTo(401);
    verifyNoInteractions(forms);
  }

  @Test
  void aDecisionWithoutABodyPasses() throws Exception {
    assertThat(call("POST", "/engine-rest", "/task/t1/complete", "").status).isZero();
  }

  // Claims and external tasks.

  @ParameterizedTest
  @CsvSource({"carla,0", "stan,403", ",403"})
  void aTaskIsClaimedForOneselfOnly(String user, int status) throws Exception {
    var body = JSON.writeValueAsString(Collections.singletonMap("userId", user));

    assertThat(call("POST", "/engine-rest", "/task/t1/claim", body).status).isEqualTo(status);
  }

  @ParameterizedTest
  @ValueSource(strings = {"fetchAndLock", "e1/complete", "e1/failure", "e1/bpmnError", "e1/extendLock", "e1/lock", "e1/unlock"})
  void onlyTheServiceWorksOnExternalTasks(String path) throws Exception {
    assertThat(call("POST", "/engine-rest", "/external-task/" + path, "{}").status).isEqualTo(403);
  }

  // What people do every day.

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "POST|/task|{\"processVariables\":[{\"name\":\"total\",\"operator\":\"eq\",\"value\":\"1\"}]}",
    "POST|/filter/f1/list|{\"processVariables\":[]}",
    "POST|/process-instance/p1/modification|{\"instructions\":[{\"type\":\"cancel\",\"activityId\":\"a\"}]}",
    "POST|/task/t1/resolve|{}",
    "PUT|/external-task/e1/retries|{\"retries\":3}",
    "PUT|/job/j1/retries|{\"retries\":3}",
    "POST|/task/t1/assignee|{\"userId\":\"stan\"}",
  })
  void workThatWritesNoVariablePasses(String method, String path, String body) throws Exception {
    assertThat(call(method, "/engine-rest", path, body).body).isEqualTo(body);
  }
}
