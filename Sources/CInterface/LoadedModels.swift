import CDeepMD
import DeepPotential
import Diagnostics
import Glibc
import Models
import Synchronization

/// The object behind a model's pointer in the C interface: one model, several models for model
/// deviation, or none if creating it failed; and the last error.
final class LoadedModels {
  /// The models, which have the same types.
  let models: [LoadedModel]
  /// The types whose atoms have values of their own, in memory that callers read; nil unless asked
  /// for.
  private var selected: UnsafeMutableBufferPointer<CInt>?
  /// The error of the caller's last call; empty if it succeeded.
  var problem = ""

  /// Takes over the models that `read` returns, or its error.
  init(_ read: () throws -> [LoadedModel]) {
    do {
      models = try read()
    } catch {
      models = []
      problem = text(of: error)
    }
  }

  deinit { selected?.deallocate() }

  /// The types whose atoms have values of their own, in memory that lives as long as this object.
  func selectedTypes() -> UnsafeMutableBufferPointer<CInt>? {
    guard let model = models.first, selected == nil else { return selected }
    let types = model.selectedTypes
    let memory = UnsafeMutableBufferPointer<CInt>.allocate(capacity: max(types.count, 1))
    for (k, type) in types.enumerated() { memory[k] = CInt(type) }
    selected = UnsafeMutableBufferPointer(rebasing: memory[..<types.count])
    return selected
  }

  /// A new pointer, which the caller must end with `delete`.
  func pointer() -> OpaquePointer { OpaquePointer(Unmanaged.passRetained(self).toOpaque()) }

  /// The models behind `pointer`; nil for NULL.
  static func at(_ pointer: OpaquePointer?) -> LoadedModels? {
    pointer.map {
      Unmanaged<LoadedModels>.fromOpaque(UnsafeRawPointer($0)).takeUnretainedValue()
    }
  }

  /// Ends `pointer`, which may be NULL.
  static func delete(_ pointer: OpaquePointer?) {
    guard let pointer else { return }
    Unmanaged<LoadedModels>.fromOpaque(UnsafeRawPointer(pointer)).release()
  }

  /// A new C string with the last error.
  static func problem(at pointer: OpaquePointer?) -> UnsafeMutablePointer<CChar>? {
    strdup(at(pointer).map(\.problem) ?? "there is no model: the pointer is NULL")
  }

  /// Calls `body` with the models behind `pointer`, and stores its error.
  static func attempt(_ pointer: OpaquePointer?, _ body: (LoadedModels) throws -> Void) {
    guard let models = at(pointer) else { return }
    if models.models.isEmpty { return }  // the earlier problem stays
    models.problem = ""
    do { try body(models) } catch { models.problem = text(of: error) }
  }
}

/// A model and its working memory.
final class LoadedModel {
  let stored: StoredModel
  let evaluator = Evaluator(threads: threadsAsked())
  /// Whether atoms read what the model has made of their neighbors.
  var passesMessages: Bool { model.descriptor.messages != nil }
  /// The name of its file in messages.
  let name: String
  private var toldOfTruncation = false, toldOfUnknownType = false, toldOfTables = false

  /// Takes the model of the file `name`; says so if it has to do without tables.
  init(_ stored: StoredModel, name: String) {
    (self.stored, self.name) = (stored, name)
    let tables = stored.model.tableUse(by: evaluator)
    if let reason = tables.reason { tellOfTables(reason) }
    var lines = ["\(name): tables: \(tables.text)"]
    if let notice = stored.model.output.forceNotice {
      say("warning: \(name): \(notice)")
      lines.append("\(name): \(notice)")
    }
    for line in lines { Self.loaded.withLock { if !$0.contains(line) { $0.append(line) } } }
  }

  /// Lines about each model that was loaded, in order; once for those of one name.
  static let loaded = Mutex<[String]>([])

  var model: EnergyModel { stored.model }
  /// Without tables of the nets, as for `dp eval-desc`.
  private(set) lazy var descriptorEvaluator = Evaluator(
    threads: threadsAsked(), tabulates: false, mostKept: 0)

  /// The types whose atoms have values of their own.
  var selectedTypes: [Int] {
    model.typeMap.indices.filter { !model.silentTypes.contains($0) }
  }

  /// Writes, once each, what went wrong in the last call of `other`, by default of `evaluator`:
  /// atoms have more neighbors than the model has slots, or nets went without tables.
  func warn(of other: Evaluator? = nil) {
    let last = other ?? evaluator, count = last.truncatedCenters
    if let reason = last.directReason { tellOfTables(reason) }
    if count == 0 || toldOfTruncation { return }
    toldOfTruncation = true
    say(
      "warning: \(counted(count, "atom has", "atoms have")) more neighbors than the model's sel; "
        + "the farthest are left out (said once)")
  }

  private func tellOfTables(_ reason: String) {
    if toldOfTables { return }
    toldOfTables = true
    say("\(name): tables: \(TableUse.none(reason: reason).text)")
  }

  /// Writes once that atoms have a type that the model does not have.
  func warnOfUnknownType(_ type: CInt) {
    if toldOfUnknownType { return }
    toldOfUnknownType = true
    say(
      "warning: atoms of type \(type), counted from 0, are ignored: the model has the types "
        + "\(model.typeMap.joined(separator: " ")) (said once)")
  }
}

/// Writes a line to standard error.
func say(_ text: String) {
  _ = "libdeepmd_c: \(text)\n".withCString { write(2, $0, strlen($0)) }
}

/// The number of threads of a computation: one, because MPI programs run a process on each core,
/// unless the environment sets another number.
private func threadsAsked() -> Int {
  for name in ["DP_INTRA_OP_PARALLELISM_THREADS", "OMP_NUM_THREADS"] {
    if let value = getenv(name), let threads = Int(String(cString: value)), threads > 0 {
      return min(threads, 1024)
    }
  }
  return 1
}

/// The text of an error, with a line for each of several; the caller gets no other description.
func text(of error: any Error) -> String {
  switch error {
  case let error as ToolError:
    "\(error.place): \(error.problem)" + (error.remedy.map { "; \($0)" } ?? "")
  case let several as ToolErrors:
    several.errors.map(text).joined(separator: "\n")
  default: "\(error)"
  }
}
