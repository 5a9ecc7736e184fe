package engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The service's secrets, which an installation may hand over in files instead: {@code NAME_FILE} names the file. */
final class Secrets {
  private Secrets() {}

  /** The environment with each secret filled in that is not set and has a file. */
  static Map<String, String> read(Map<String, String> environment) {
    var read = new HashMap<>(environment);
    for (var name : List.of(Service.SECRET, Service.SECRET_BEFORE)) {
      var file = environment.getOrDefault(name + "_FILE", "");
      if (read.getOrDefault(name, "").isEmpty() && !file.isEmpty()) {
        read.put(name, contentOf(name, Path.of(file)));
      }
    }
    return read;
  }

  private static String contentOf(String name, Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException problem) {
      throw new IllegalStateException(name + "_FILE cannot be read: " + file, problem);
    }
  }
}
