package engine;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.function.BooleanSupplier;

/**
 * The wrong passwords of the last minute. Slows a name at the guessing address only, so a guesser cannot shut out a
 * person elsewhere. Slows an address for all names once it has tried more than five names, unless a person has logged
 * in from it today: many people share the address of an office. Each engine counts for itself, in bounded memory.
 */
final class FailedLogins {
  static final int FAILURES = 10;
  static final int NAMES = 5;
  static final Duration WINDOW = Duration.ofMinutes(1);
  private static final Duration DAY = Duration.ofDays(1);
  private static final long MAX_ADDRESSES = 100_000;
  private static final int MAX_TRIES = 1_000;
  /**
   * For a person who has logged in at an address today, fewer tries than this count there only once they have failed: a
   * program makes several calls at once, each with the password.
   */
  private static final int AT_ONCE = 100;

  private static final class Try {
    final String name;
    final long at;
    boolean isPending = true;

    Try(String name, long at) {
      this.name = name;
      this.at = at;
    }
  }

  private final Ticker clock;
  /** Each list is read and changed inside {@code compute} only. */
  private final Cache<String, Deque<Try>> tries;
  private final Cache<String, Boolean> knownAddresses;
  private final Cache<String, Boolean> knownPairs;

  FailedLogins(Ticker clock) {
    this.clock = clock;
    tries = Caffeine.newBuilder().ticker(clock).expireAfterWrite(WINDOW).maximumSize(MAX_ADDRESSES).build();
    knownAddresses = Caffeine.newBuilder().ticker(clock).expireAfterWrite(DAY).maximumSize(MAX_ADDRESSES).build();
    knownPairs = Caffeine.newBuilder().ticker(clock).expireAfterWrite(DAY).maximumSize(MAX_ADDRESSES).build();
  }

  /** The result of a try; {@code secondsToWait} is above 0 if the password was not checked. */
  record Outcome(boolean isRight, int secondsToWait) {}

  /**
   * Checks the password unless there were too many wrong ones. A try counts as failed until it has succeeded, so
   * simultaneous tries count too.
   */
  Outcome tryToLogIn(String name, String address, BooleanSupplier isRight) {
    var ours = new Try(name, clock.read());
    var wait = begin(ours, address);
    if (wait > 0) {
      return new Outcome(false, wait);
    }
    var right = isRight.getAsBoolean();
    tries.asMap().computeIfPresent(address, (key, known) -> {
      ours.isPending = false;
      if (right) {
        known.remove(ours);
      }
      return known;
    });
    if (right) {
      knownAddresses.put(address, true);
      knownPairs.put(pair(name, address), true);
    }
    return new Outcome(right, 0);
  }

  /** The name may log in again at once, from every address. */
  void forget(String name) {
    tries.asMap().keySet().forEach(address -> tries.asMap().computeIfPresent(address, (key, known) -> {
      known.removeIf(each -> each.name.equals(name));
      return known;
    }));
  }

  private int begin(Try ours, String address) {
    var wait = new int[1];
    tries.asMap().compute(address, (key, known) -> {
      var recent = known == null ? new ArrayDeque<Try>() : known;
      recent.removeIf(each -> ours.at - each.at >= WINDOW.toNanos());
      wait[0] = secondsToWait(recent, ours, address);
      if (wait[0] == 0) {
        recent.add(ours);
      }
      if (recent.size() > MAX_TRIES) {
        recent.removeFirst();
      }
      return recent;
    });
    return wait[0];
  }

  private int secondsToWait(Deque<Try> recent, Try ours, String address) {
    var ofName = recent.stream().filter(each -> each.name.equals(ours.name)).toList();
    var failed = ofName.stream().filter(each -> !each.isPending).toList();
    var counted = knownPairs.getIfPresent(pair(ours.name, address)) == null || ofName.size() >= AT_ONCE ? ofName : failed;
    if (counted.size() >= FAILURES) {
      return secondsUntilGone(counted.get(counted.size() - FAILURES), ours.at);
    }
    var names = new HashSet<String>();
    recent.forEach(each -> names.add(each.name));
    names.add(ours.name);
    var isShared = knownAddresses.getIfPresent(address) != null;
    return recent.size() >= FAILURES && names.size() > NAMES && !isShared ? secondsUntilGone(recent.peekFirst(), ours.at) : 0;
  }

  private static int secondsUntilGone(Try one, long now) {
    var left = Duration.ofNanos(WINDOW.toNanos() - (now - one.at));
    return (int) Math.max(1, left.plusMillis(999).toSeconds());
  }

  private static String pair(String name, String address) {
    return address + " " + name;
  }
}
