package engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.TreeSet;

/**
 * The values that a form sends: texts, numbers, dates, yes and no. From any other type Camunda makes a Java object of a
 * class that the caller names, and such an object can open files and connections while it is made.
 */
final class FormValues {
  private static final Set<String> TYPES = Set.of("String", "Boolean", "Short", "Integer", "Long", "Double", "Date", "Null");

  private FormValues() {}

  /** The names of the variables with other values. */
  static Set<String> othersIn(JsonNode variables) {
    var others = new TreeSet<String>();
    variables.properties().stream().filter(variable -> !isPlain(variable.getValue())).forEach(variable -> others.add(variable.getKey()));
    return others;
  }

  private static boolean isPlain(JsonNode variable) {
    var isNested = variable.path("value").isContainerNode();
    var type = variable.path("type");
    var isKnown = type.isMissingNode() || type.isNull() || TYPES.contains(type.asText());
    return variable.isObject() && !isNested && isKnown && variable.path("valueInfo").isEmpty();
  }
}
