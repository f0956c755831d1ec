import Foundation
import Synchronization

/// A request to stop at the next good moment, made by a signal: INT, TERM or USR1.
///
/// A second INT or TERM ends the process at once, as it would have without us.
public enum StopRequest {
  private static let received = Atomic<Int32>(0)

  /// From now on INT, TERM and USR1 set the flag instead of ending the process.
  public static func listen() {
    received.store(0, ordering: .relaxed)  // made here, so that the handler only stores
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM, SIGUSR1] {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { StopRequest.received.store($0, ordering: .relaxed) }
      action.sa_flags = number == SIGUSR1 ? SA_RESTART : SA_RESTART | Int32(bitPattern: 0x8000_0000)
      sigaction(number, &action, nil)
      sigaddset(&signals, number)
    }
    // Whoever started us may have blocked them: programs that start others from threads often do.
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  /// The name of the signal that asked, "INT", "TERM" or "USR1"; nil while nobody did.
  public static var signal: String? {
    switch received.load(ordering: .relaxed) {
    case 0: nil
    case SIGINT: "INT"
    case SIGTERM: "TERM"
    default: "USR1"
    }
  }
}
