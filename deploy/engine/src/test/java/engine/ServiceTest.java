package engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ServiceTest {
  private static final Service SERVICE = Service.of(Map.of(Service.SECRET, "new", Service.SECRET_BEFORE, "old"));

  @Test
  void oldAndNewSecretAreValidSideBySide() {
    assertThat(SERVICE.isProvenBy("new")).isTrue();
    assertThat(SERVICE.isProvenBy("old")).isTrue();
    assertThat(SERVICE.isProvenBy("older")).isFalse();
    assertThat(SERVICE.isProvenBy("")).isFalse();
  }

  @Test
  void withoutASecretNoCallerIsTheService() {
    var service = Service.of(Map.of(Service.SECRET, "", Service.SECRET_BEFORE, ""));

    assertThat(service.isProvenBy("")).isFalse();
    assertThat(service.isNamed("order-service")).isFalse();
  }

  @Test
  void secretsAreNotShown() {
    assertThat(SERVICE.toString()).doesNotContain("new").doesNotContain("old");
  }
}
