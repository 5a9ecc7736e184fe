package engine;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

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

  private record Pair(String name, String address) {}

  private static final class Try {
    final String name;
    final long at;
    volatile boolean isPending = true;

    Try(String name, long at) {
      this.name = name;
      this.at = at;
    }
  }

  private final Ticker clock;
  /** By name and address. Each list is read and changed inside {@code compute} only, here and below. */
  private final Cache<Pair, Deque<Try>> ofNames;
  /** By address. Of a flood of tries only the last ones are kept; {@link #ofNames} keeps all that count for a name. */
  private final Cache<String, Deque<Try>> ofAddresses;
  private final Cache<String, Boolean> knownAddresses;
  private final Cache<Pair, Boolean> knownPairs;

  FailedLogins(Ticker clock) {
    this.clock = clock;
    ofNames = Caffeine.newBuilder().ticker(clock).expireAfterWrite(WINDOW).maximumSize(MAX_ADDRESSES).build();
    ofAddresses = Caffeine.newBuilder().ticker(clock).expireAfterWrite(WINDOW).maximumSize(MAX_ADDRESSES).build();
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
    var pair = new Pair(name, address);
    var wait = begin(ours, pair);
    if (wait > 0) {
      return new Outcome(false, wait);
    }
    var right = false;
    var isAnswered = false;
    try {
      right = isRight.getAsBoolean();
      isAnswered = true;
    } finally {
      ours.isPending = false;
      if (right || !isAnswered) {
        forget(ours, pair);
      }
    }
    if (right) {
      knownAddresses.put(address, true);
      knownPairs.put(pair, true);
    }
    return new Outcome(right, 0);
  }

  /** The name may log in again at once, from every address. */
  void forget(String name) {
    ofNames.asMap().keySet().removeIf(pair -> pair.name.equals(name));
    ofAddresses.asMap().keySet().forEach(address -> ofAddresses.asMap()
        .computeIfPresent(address, (key, known) -> without(known, each -> each.name.equals(name))));
  }

  private void forget(Try one, Pair pair) {
    ofNames.asMap().computeIfPresent(pair, (key, known) -> without(known, one::equals));
    ofAddresses.asMap().computeIfPresent(pair.address, (key, known) -> without(known, one::equals));
  }

  private static Deque<Try> without(Deque<Try> known, Predicate<Try> unwanted) {
    known.removeIf(unwanted);
    return known;
  }

  /** Returns the seconds to wait; if there are none, the try counts. */
  private int begin(Try ours, Pair pair) {
    var wait = begin(ours, ofNames, pair, recent -> secondsToWaitWithName(recent, ours, pair));
    if (wait == 0) {
      wait = begin(ours, ofAddresses, pair.address, recent -> secondsToWaitAt(recent, ours, pair.address));
      if (wait > 0) {
        forget(ours, pair);
      }
    }
    return wait;
  }

  private static <K> int begin(Try ours, Cache<K, Deque<Try>> tries, K key, ToIntFunction<Deque<Try>> secondsToWait) {
    var wait = new int[1];
    tries.asMap().compute(key, (same, known) -> {
      var recent = known == null ? new ArrayDeque<Try>() : known;
      recent.removeIf(each -> ours.at - each.at >= WINDOW.toNanos());
      wait[0] = secondsToWait.applyAsInt(recent);
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

  private int secondsToWaitWithName(Deque<Try> recent, Try ours, Pair pair) {
    var all = List.copyOf(recent);
    var failed = all.stream().filter(each -> !each.isPending).toList();
    var counted = knownPairs.getIfPresent(pair) == null || all.size() >= AT_ONCE ? all : failed;
    return counted.size() < FAILURES ? 0 : secondsUntilGone(counted.get(counted.size() - FAILURES), ours.at);
  }

  private int secondsToWaitAt(Deque<Try> recent, Try ours, String address) {
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
}
