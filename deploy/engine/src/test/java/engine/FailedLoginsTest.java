package engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FailedLoginsTest {
  private static final String HOME = "10.0.0.1";
  private static final String OFFICE = "10.0.0.2";
  private final AtomicLong now = new AtomicLong();
  private final FailedLogins logins = new FailedLogins(now::get);

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  private int secondsToWait(String name, String address, boolean isRight) {
    return logins.tryToLogIn(name, address, () -> isRight).secondsToWait();
  }

  private void fail(String name, String address, int times) {
    for (var i = 0; i < times; i++) {
      assertThat(secondsToWait(name, address, false)).isZero();
    }
  }

  /** Tries to log in with the right password; returns the seconds to wait, 0 if the person is logged in. */
  private int wait(String name, String address) {
    return secondsToWait(name, address, true);
  }

  @Test
  void afterTenFailuresANameWaitsAMinuteAtThatAddress() {
    fail("carla", HOME, 10);

    assertThat(wait("carla", HOME)).isEqualTo(60);
    pass(Duration.ofSeconds(59));
    assertThat(wait("carla", HOME)).isEqualTo(1);
    pass(Duration.ofSeconds(1));
    assertThat(wait("carla", HOME)).isZero();
  }

  @Test
  void duringTheWaitTheRightPasswordIsRefusedToo() {
    fail("carla", HOME, 10);

    assertThat(logins.tryToLogIn("carla", HOME, () -> true).isRight()).isFalse();
    assertThat(logins.tryToLogIn("carla", OFFICE, () -> true).isRight()).isTrue();
  }

  @Test
  void aRefusedTryDoesNotProlongTheWait() {
    fail("carla", HOME, 10);
    pass(Duration.ofSeconds(30));

    assertThat(wait("carla", HOME)).isEqualTo(30);
    assertThat(wait("carla", HOME)).isEqualTo(30);
  }

  @Test
  void theNameLogsInFromAnotherAddress() {
    fail("carla", HOME, 10);

    assertThat(wait("carla", OFFICE)).isZero();
  }

  /** Begins this number of tries before the first one ends; returns how many passwords were checked. */
  private int atOnce(String name, String address, int number, boolean isRight) {
    var lookedAt = new int[1];
    tryInside(name, address, number, isRight, lookedAt);
    return lookedAt[0];
  }

  private void tryInside(String name, String address, int number, boolean isRight, int[] lookedAt) {
    if (number > 0) {
      var outcome = logins.tryToLogIn(name, address, () -> {
        lookedAt[0]++;
        tryInside(name, address, number - 1, isRight, lookedAt);
        return isRight;
      });
      assertThat(outcome.isRight()).isEqualTo(isRight && outcome.secondsToWait() == 0);
    }
  }

  @Test
  void manyTriesAtOnceAreCountedBeforeTheyHaveFailed() {
    assertThat(atOnce("carla", HOME, 30, false)).isEqualTo(10);
  }

  @Test
  void aPersonWhoHasLoggedInTodayMayMakeManyCallsAtOnce() {
    assertThat(wait("script", HOME)).isZero();

    assertThat(atOnce("script", HOME, 90, true)).isEqualTo(90);
    assertThat(atOnce("script", HOME, 200, false)).as("with a limit").isEqualTo(100);
  }

  @Test
  void wrongPasswordsSlowEvenAPersonWhoHasLoggedInToday() {
    assertThat(wait("carla", HOME)).isZero();

    fail("carla", HOME, 10);

    assertThat(wait("carla", HOME)).isPositive();
  }

  @Test
  void aRightPasswordDoesNotClearTheWrongOnes() {
    fail("carla", HOME, 5);
    assertThat(wait("carla", HOME)).isZero();
    fail("carla", HOME, 5);

    assertThat(wait("carla", HOME)).isPositive();
  }

  @Test
  void anAddressThatFailedWithFiveNamesWaitsBeforeItTriesASixth() {
    for (var name = 1; name <= 5; name++) {
      fail("name" + name, HOME, 2);
    }

    assertThat(secondsToWait("name1", HOME, false)).as("a name it has tried").isZero();
    assertThat(wait("name6", HOME)).as("a sixth name").isPositive();
    assertThat(wait("name6", OFFICE)).as("from elsewhere").isZero();
  }

  @Test
  void anAddressWithALoginTodayTriesMoreNamesWithoutAWait() {
    assertThat(wait("carla", OFFICE)).isZero();
    for (var name = 1; name <= 10; name++) {
      fail("name" + name, OFFICE, 2);
    }

    assertThat(secondsToWait("stan", OFFICE, false)).isZero();
    pass(Duration.ofHours(24));
    for (var name = 1; name <= 5; name++) {
      fail("name" + name, OFFICE, 2);
    }
    assertThat(wait("stan", OFFICE)).as("a day later").isPositive();
  }

  @Test
  void aFloodOfTriesWithOtherNamesEndsNoWait() {
    assertThat(wait("carla", OFFICE)).isZero();
    fail("sue", OFFICE, 10);
    for (var name = 1; name <= 2_000; name++) {
      secondsToWait("name" + name, OFFICE, false);
    }

    assertThat(wait("sue", OFFICE)).isPositive();
  }

  @Test
  void aTryThatCouldNotBeCheckedDoesNotCount() {
    for (var time = 0; time < 20; time++) {
      assertThatThrownBy(() -> logins.tryToLogIn("carla", HOME, () -> {
        throw new IllegalStateException("The database is down.");
      })).isInstanceOf(IllegalStateException.class);
    }

    assertThat(wait("carla", HOME)).isZero();
  }

  @Test
  void aNameThatAnOperatorUnlocksMayLogInAtOnce() {
    fail("carla", HOME, 10);
    fail("carla", OFFICE, 10);
    fail("stan", HOME, 10);

    logins.forget("carla");

    assertThat(secondsToWait("carla", HOME, false)).isZero();
    assertThat(wait("carla", OFFICE)).isZero();
    assertThat(wait("stan", HOME)).isPositive();
  }
}
