package engine;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** Well-known passwords: a demo may use them, a production system may not. */
final class DemoPasswords {
  private static final Set<String> KNOWN = Set.of("", "admin", "camunda", "changeme", "engine", "order-service", "orders", "password", "postgres", "secret");
  private static final List<String> SETTINGS = List.of("ENGINE_ADMIN_PASSWORD", "ENGINE_DB_PASSWORD");
  /** Nothing slows down a caller who guesses the service's secret, so the secret must be too long to guess. */
  private static final int SHORTEST_SECRET = 24;

  private DemoPasswords() {}

  static void refuseInProduction(Map<String, String> environment) {
    var name = environment.getOrDefault("ORDER_SERVICE_ENV", "");
    switch (name) {
      case "", "development" -> {}
      case "production" -> {
        SETTINGS.forEach(setting -> refuseKnown(setting, environment.getOrDefault(setting, "")));
        List.of(Service.SECRET, Service.SECRET_BEFORE).forEach(setting -> refuseWeak(setting, environment.getOrDefault(setting, "")));
      }
      default -> refuse("ORDER_SERVICE_ENV is '" + name + "'; it may be development or production.");
    }
  }

  private static void refuseKnown(String setting, String password) {
    if (isKnown(password)) {
      refuse(setting + " is empty or a demo password, which ORDER_SERVICE_ENV=production refuses; set it to a secret of your own.");
    }
  }

  private static void refuseWeak(String setting, String secret) {
    if (!secret.isEmpty() && (isKnown(secret) || secret.length() < SHORTEST_SECRET)) {
      refuse(setting + " is short or a demo secret, which ORDER_SERVICE_ENV=production refuses; make one with 'openssl rand -base64 33'.");
    }
  }

  private static boolean isKnown(String password) {
    var plain = password.toLowerCase();
    return KNOWN.contains(plain) || plain.startsWith("demo");
  }

  private static void refuse(String reason) {
    System.err.println("The engine does not start: " + reason);
    System.exit(78);
  }
}
