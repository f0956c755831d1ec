import Diagnostics
import Files

/// What is read from a file that holds more than one model.
public struct ModelChoice: Sendable, Equatable {
  /// The name of the model in a file of several tasks; nil if there is only one.
  public var branch: String?
  /// Whether any model of such a checkpoint will do: the first of them.
  public var takesAny = false
  /// Whether the averaged weights are read.
  public var isAveraged: Bool
  /// Whether it is made by options of a tool, which messages may name.
  let hasOptions: Bool
  /// Whether wrong checksums are ignored, so that tests reach what is behind them.
  package var ignoresChecksums = false

  /// Takes the only model of the file, where nothing can be chosen: in another program's process.
  public init() { (branch, isAveraged, hasOptions) = (nil, false, false) }

  /// Makes the choice of a tool that has the options `--head`, also `--model-branch`, and `--ema`.
  public init(branch: String?, isAveraged: Bool = false) {
    (self.branch, self.isAveraged, hasOptions) = (branch, isAveraged, true)
  }

  /// What to do about a file with several models, one of which is called `name`.
  func remedy(naming name: String) -> String {
    hasOptions
      ? "name one of them: --head \(shellWord(name))"
      : "write one of them to a file of its own: dp-freeze <file> --head \(shellWord(name)) "
        + "-o model.h5"
  }

  /// The chosen one of the models `names` of the file `path`; throws `.data` if it is none of them,
  /// or if nothing says which.
  package func name(among names: [String], at path: String) throws -> String {
    do {
      let name = try name(among: names) { _ in [] }
      if isAveraged {
        throw Unreadable("has no averaged weights", remedy: "leave --ema out")
      }
      return name
    } catch let error as Unreadable { throw error.error(at: path) }
  }

  /// The chosen one of the models `names`, which may have `aliases`; case does not matter.
  func name(among names: [String], aliases: (String) -> [String]) throws -> String {
    if names.isEmpty { throw Unreadable("has a list of models that is empty") }
    let list = names.joined(separator: ", ")
    guard let wanted = branch ?? (names.count == 1 || takesAny ? names.first : nil) else {
      throw Unreadable("holds \(names.count) models: \(list)", remedy: remedy(naming: names[0]))
    }
    func means(_ name: String) -> Bool { name.lowercased() == wanted.lowercased() }
    guard
      let match = names.first(where: { $0 == wanted }) ?? names.first(where: means)
        ?? names.first(where: { aliases($0).contains(where: means) })
    else { throw Unreadable("holds no model '\(wanted)'", remedy: "it holds \(list)") }
    return match
  }

  /// Throws `.data` if something is chosen, because the file `name` holds one model.
  public func refuse(at name: String) throws {
    do { try refuse() } catch let error as Unreadable { throw error.error(at: name) }
  }

  /// Throws if something is chosen, because the file holds one model.
  func refuse() throws {
    guard let option = branch != nil ? "--head" : isAveraged ? "--ema" : nil else { return }
    throw Unreadable(
      "holds a single model, of which nothing can be chosen",
      remedy: branch != nil
        ? "leave \(option) out; it is for files of several tasks"
        : "leave \(option) out; it is for checkpoints of PyTorch (.pt)")
  }
}
