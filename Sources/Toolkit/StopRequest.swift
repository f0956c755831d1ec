import Foundation
import Synchronization

/// A request to stop at the next good moment, made by one of the signals INT, TERM and USR1.
///
/// A second INT or TERM ends the process at once, as without this handler, but not within a second
/// after the first, because launchers pass on a signal to processes that have received it already
/// (`srun`, `mpirun`, a terminal).
public enum StopRequest {
  private static let received = Atomic<Int32>(0)
  /// The time of the first INT or TERM, in nanoseconds since the machine started; 0 before.
  private static let firstTime = Atomic<UInt64>(0)

  /// Lets INT, TERM and USR1 set the flag instead of ending the process.
  public static func listen() {
    received.store(0, ordering: .relaxed)  // created here, so that the handler only stores
    firstTime.store(0, ordering: .relaxed)
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM, SIGUSR1] {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { StopRequest.arrived($0) }
      action.sa_flags = SA_RESTART
      sigaction(number, &action, nil)
      sigaddset(&signals, number)
    }
    // The parent process may have blocked the signals, as programs with threads often do.
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  /// The signal handler; it makes only calls that are allowed in one.
  private static func arrived(_ number: Int32) {
    received.store(number, ordering: .relaxed)
    if number == SIGUSR1 { return }
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    let time = UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
    let (isFirst, first) = firstTime.compareExchange(
      expected: 0, desired: time, ordering: .relaxed)
    if isFirst || time < first + 1_000_000_000 { return }
    Foundation.signal(number, SIG_DFL)
    raise(number)  // delivered after the handler has returned
  }

  /// The name of the signal that made the request, "INT", "TERM" or "USR1"; nil if there was none.
  public static var signal: String? {
    switch received.load(ordering: .relaxed) {
    case 0: nil
    case SIGINT: "INT"
    case SIGTERM: "TERM"
    default: "USR1"
    }
  }
}
