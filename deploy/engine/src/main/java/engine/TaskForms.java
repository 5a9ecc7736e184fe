package engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.camunda.bpm.engine.FormService;
import org.camunda.bpm.engine.form.FormField;
import org.camunda.bpm.engine.form.TaskFormData;

/** The fields of a task's form that a person may fill in. */
final class TaskForms {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String READ_ONLY = "readonly";
  private final FormService forms;

  TaskForms(FormService forms) {
    this.forms = forms;
  }

  /** Needs all rights, which the caller sets. Empty for an HTML form, because Camunda does not know its fields. */
  Set<String> fieldsOf(String taskId) {
    var fields = new HashSet<String>();
    var form = forms.getTaskFormData(taskId);
    if (form == null) {
      return fields;
    }
    form.getFormFields().stream().filter(TaskForms::isOpen).map(FormField::getId).forEach(fields::add);
    if (isJson(form)) {
      try (var content = forms.getDeployedTaskForm(taskId)) {
        collect(JSON.readTree(content).path("components"), fields);
      } catch (IOException unreadable) {
        throw new IllegalStateException("The form of task " + taskId + " is not JSON.", unreadable);
      }
    }
    return fields;
  }

  private static boolean isOpen(FormField field) {
    return field.getValidationConstraints().stream().noneMatch(constraint -> constraint.getName().equals(READ_ONLY));
  }

  private static boolean isJson(TaskFormData form) {
    return form.getCamundaFormRef() != null || (form.getFormKey() != null && form.getFormKey().startsWith("camunda-forms:"));
  }

  private static void collect(JsonNode components, Set<String> fields) {
    for (var component : components) {
      var isReadOnly = isTrue(component, "disabled") || isTrue(component, READ_ONLY);
      if (component.hasNonNull("key") && !isReadOnly) {
        fields.add(component.get("key").asText());
      }
      collect(component.path("components"), fields);
    }
  }

  /** An expression, which Camunda evaluates only later, counts as true. */
  private static boolean isTrue(JsonNode component, String property) {
    return component.hasNonNull(property) && !component.get(property).asText().equals("false");
  }
}
