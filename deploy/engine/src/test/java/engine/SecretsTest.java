package engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTest {
  private static final String FILE = Service.SECRET + "_FILE";
  private static final String FILE_BEFORE = Service.SECRET_BEFORE + "_FILE";

  @TempDir Path folder;

  @Test
  void oldAndNewSecretComeFromFiles() throws IOException {
    var environment = Map.of(FILE, file("new", "of the file\n"), FILE_BEFORE, file("old", "the one before\n"));

    var service = Service.of(Secrets.read(environment));

    assertThat(service.isProvenBy("of the file")).isTrue();
    assertThat(service.isProvenBy("the one before")).isTrue();
  }

  @Test
  void theVariableWinsOverTheFile() throws IOException {
    var service = Service.of(Secrets.read(Map.of(Service.SECRET, "set", FILE, file("new", "of the file"))));

    assertThat(service.isProvenBy("set")).isTrue();
    assertThat(service.isProvenBy("of the file")).isFalse();
  }

  @Test
  void anEmptyFileIsNoSecret() throws IOException {
    assertThat(Service.of(Secrets.read(Map.of(FILE, file("new", "\n")))).isProvenBy("")).isFalse();
  }

  @Test
  void aMissingFileStopsTheStart() {
    assertThatThrownBy(() -> Secrets.read(Map.of(FILE, folder.resolve("missing").toString()))).hasMessageContaining(FILE);
  }

  private String file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content).toString();
  }
}
