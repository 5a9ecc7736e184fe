package engine;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The order service as the engine knows it: the digests of its secrets. It is not a Camunda user. While a secret is being
 * replaced, the previous one is valid too. Without a secret every caller is an ordinary user.
 */
record Service(List<byte[]> digests) {
  static final String NAME = "order-service";
  static final String SECRET = "ENGINE_SERVICE_SECRET";
  static final String SECRET_BEFORE = "ENGINE_SERVICE_SECRET_BEFORE";
  private static final String BASIC = "Basic ";

  static Service of(Map<String, String> environment) {
    var secrets = Stream.of(SECRET, SECRET_BEFORE).map(setting -> environment.getOrDefault(setting, ""));
    return new Service(secrets.filter(secret -> !secret.isEmpty()).map(Service::digest).toList());
  }

  /** Whether this name is reserved for the service, so no user may have it. Without a secret, a user may have it. */
  boolean isNamed(String name) {
    return !digests.isEmpty() && NAME.equals(name);
  }

  /** Takes as long for a wrong secret as for a right one. */
  boolean isProvenBy(String secret) {
    var given = digest(secret);
    var isProven = false;
    for (var digest : digests) {
      isProven |= MessageDigest.isEqual(digest, given);
    }
    return isProven;
  }

  /** Name and secret of a basic authentication. */
  record Login(String name, String secret) {
    static Optional<Login> of(String header) {
      if (header == null || !header.startsWith(BASIC)) {
        return Optional.empty();
      }
      try {
        var decoded = new String(Base64.getDecoder().decode(header.substring(BASIC.length())), StandardCharsets.UTF_8);
        var colon = decoded.indexOf(':');
        return colon < 0 ? Optional.empty() : Optional.of(new Login(decoded.substring(0, colon), decoded.substring(colon + 1)));
      } catch (IllegalArgumentException notBase64) {
        return Optional.empty();
      }
    }
  }

  private static byte[] digest(String secret) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
