import Synchronization

/// Facts that a user should know but that are no errors: data were left out, converted, or filled
/// in.
///
/// Libraries post notices, and a tool sets the one listener (`Toolkit` prints them as warnings).
/// Without a listener, for example in a library that another program has loaded, notices are
/// dropped.
public enum Notices {
  /// Receives one notice, a sentence without a full stop.
  public typealias Listener = @Sendable (_ text: String) -> Void

  private struct State {
    var listener: Listener?
    var told: Set<String> = []
  }
  private static let state = Mutex(State())
  @TaskLocal private static var collection: Collection?

  /// Makes `listener` receive the notices of this process.
  public static func use(_ listener: @escaping Listener) {
    state.withLock { $0.listener = listener }
  }

  /// Sends `text` to the listener, but only the first time.
  ///
  /// With a `subject`, only the first text about this subject is sent; that text may name the first
  /// of many places.
  public static func post(_ text: String, about subject: String? = nil) {
    if let collection { return collection.add(text, subject ?? text) }
    let listener = state.withLock { state in
      state.told.insert(subject ?? text).inserted ? state.listener : nil
    }
    listener?(text)
  }

  /// The result of `body`, and the notices that it posts, each once, in order; the listener does
  /// not receive them.
  public static func collected<Result>(
    _ body: () throws -> Result
  ) rethrows -> (result: Result, notices: [String]) {
    let collection = Collection()
    let result = try $collection.withValue(collection, operation: body)
    return (result, collection.texts)
  }

  private final class Collection: Sendable {
    private let list = Mutex<[(text: String, subject: String)]>([])
    var texts: [String] { list.withLock { $0.map(\.text) } }
    func add(_ text: String, _ subject: String) {
      list.withLock { list in
        if !list.contains(where: { $0.subject == subject }) { list.append((text, subject)) }
      }
    }
  }
}
