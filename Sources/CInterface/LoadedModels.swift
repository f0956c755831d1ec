import CDeepMD
import DeepPotential
import Diagnostics
import Glibc
import Models

/// What a model's pointer in the C interface stands for: one model, several for model deviation, or
/// none where creating it failed; and what went wrong last.
final class LoadedModels {
  /// The models, of the same types.
  let models: [LoadedModel]
  /// What the caller's last call failed with; empty if it did not.
  var problem = ""

  /// Takes over what `read` gives, or what it throws.
  init(_ read: () throws -> [LoadedModel]) {
    do {
      models = try read()
    } catch {
      models = []
      problem = text(of: error)
    }
  }

  /// A new pointer, to be ended with `delete`.
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

  /// A new C string with what failed last.
  static func problem(at pointer: OpaquePointer?) -> UnsafeMutablePointer<CChar>? {
    strdup(at(pointer).map(\.problem) ?? "there is no model: the pointer is NULL")
  }

  /// Runs `body` with the models behind `pointer`, and keeps what it throws.
  static func attempt(_ pointer: OpaquePointer?, _ body: (LoadedModels) throws -> Void) {
    guard let models = at(pointer) else { return }
    if models.models.isEmpty { return }  // the problem stays why
    models.problem = ""
    do { try body(models) } catch { models.problem = text(of: error) }
  }
}

/// A model and the memory that it works in.
final class LoadedModel {
  let model: EnergyModel
  let evaluator = Evaluator(threads: threadsAsked())
  private var toldOfTruncation = false, toldOfUnknownType = false

  init(_ stored: StoredModel) { model = stored.model }

  /// Says once that atoms have had more neighbors than the model has slots.
  func warnOfTruncation() {
    if evaluator.truncatedCenters == 0 || toldOfTruncation { return }
    toldOfTruncation = true
    let count = evaluator.truncatedCenters
    say(
      "warning: \(counted(count, "atom has", "atoms have")) more neighbors than the model's sel; "
        + "the farthest are left out (said once)")
  }

  /// Says once that atoms have a type that the model does not have.
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

/// Threads of a computation: one, as MPI programs run a process on each core, unless the
/// environment says otherwise.
private func threadsAsked() -> Int {
  for name in ["DP_INTRA_OP_PARALLELISM_THREADS", "OMP_NUM_THREADS"] {
    if let value = getenv(name), let threads = Int(String(cString: value)), threads > 0 {
      return min(threads, 1024)
    }
  }
  return 1
}

/// One line for a caller who may not see another.
func text(of error: any Error) -> String {
  switch error {
  case let error as ToolError:
    "\(error.place): \(error.problem)" + (error.remedy.map { "; \($0)" } ?? "")
  case let several as ToolErrors:
    several.errors.map(text).joined(separator: "\n")
  default: "\(error)"
  }
}
