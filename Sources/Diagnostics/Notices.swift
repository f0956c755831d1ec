import Synchronization

/// What a user should know that is no error: something was left out, converted, or filled in.
///
/// Libraries post notices; a tool says once where they go (`Toolkit` prints them as warnings).
/// Where nobody listens, in a library that another program has loaded, they go nowhere.
public enum Notices {
  /// Takes one notice, a sentence without a full stop.
  public typealias Listener = @Sendable (_ text: String) -> Void

  private struct State {
    var listener: Listener?
    var told: Set<String> = []
  }
  private static let state = Mutex(State())
  @TaskLocal private static var collection: Collection?

  /// From now on `listener` takes the notices of this process.
  public static func use(_ listener: @escaping Listener) {
    state.withLock { $0.listener = listener }
  }

  /// Tells the user `text`, once however often it is posted.
  ///
  /// With a `subject` only the first text about it is told: that may name the first of many places.
  public static func post(_ text: String, about subject: String? = nil) {
    if let collection { return collection.add(text, subject ?? text) }
    let listener = state.withLock { state in
      state.told.insert(subject ?? text).inserted ? state.listener : nil
    }
    listener?(text)
  }

  /// The notices that `body` posts, each once, in order, beside its result: nobody else hears of
  /// them.
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
