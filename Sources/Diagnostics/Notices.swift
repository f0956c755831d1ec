import Synchronization

/// What a user should know that is no error: something was left out, converted, or filled in.
///
/// Libraries post notices; a tool says once where they go (`Toolkit` prints them as warnings).  Where nobody
/// listens, in a library that another program has loaded, they go nowhere.
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
  public static func post(_ text: String) {
    if let collection { return collection.add(text) }
    let listener = state.withLock { state in
      state.told.insert(text).inserted ? state.listener : nil
    }
    listener?(text)
  }

  /// The notices that `body` posts, each once, in order, beside its result: nobody else hears of them.
  public static func collected<Result>(
    _ body: () throws -> Result
  ) rethrows -> (result: Result, notices: [String]) {
    let collection = Collection()
    let result = try $collection.withValue(collection, operation: body)
    return (result, collection.texts)
  }

  private final class Collection: Sendable {
    private let list = Mutex<[String]>([])
    var texts: [String] { list.withLock { $0 } }
    func add(_ text: String) {
      list.withLock { if !$0.contains(text) { $0.append(text) } }
    }
  }
}
