package engine;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** Passwords that everybody knows may open a demo, never a production system. */
final class DemoPasswords {
  private static final Set<String> KNOWN = Set.of("", "admin", "demo", "password", "secret", "changeme", "order-service", "postgres", "engine");
  private static final List<String> SETTINGS = List.of("ENGINE_ADMIN_PASSWORD", "ENGINE_DB_PASSWORD");

  private DemoPasswords() {}

  static void refuseInProduction(Map<String, String> environment) {
    if (!"production".equals(environment.get("ORDER_SERVICE_ENV"))) {
      return;
    }
    for (String setting : SETTINGS) {
      if (isKnown(environment.getOrDefault(setting, ""))) {
        System.err.println("The engine does not start: " + setting + " is empty or a demo password, which "
            + "ORDER_SERVICE_ENV=production refuses; set it to a secret of your own.");
        System.exit(78);
      }
    }
  }

  private static boolean isKnown(String password) {
    var plain = password.toLowerCase();
    return KNOWN.contains(plain) || plain.startsWith("demo");
  }
}
