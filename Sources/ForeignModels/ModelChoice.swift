import Diagnostics
import Files

/// What is read from a file that holds more than one model.
public struct ModelChoice: Sendable, Equatable {
  /// The name of the model in a multi-task checkpoint; nil if there is only one.
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

  /// Makes the choice of a tool that has the options `--model-branch` and `--ema`.
  public init(branch: String?, isAveraged: Bool = false) {
    (self.branch, self.isAveraged, hasOptions) = (branch, isAveraged, true)
  }

  /// What to do about a file with several models, one of which is called `name`.
  func remedy(naming name: String) -> String {
    hasOptions
      ? "name one of them: --model-branch \(shellWord(name))"
      : "write one of them to a file of its own: dp-freeze <file> --model-branch \(shellWord(name)) "
        + "-o model.h5"
  }

  /// Throws `.data` if something is chosen, because the file `name` holds one model.
  public func refuse(at name: String) throws {
    do { try refuse() } catch let error as Unreadable { throw error.error(at: name) }
  }

  /// Throws if something is chosen, because the file holds one model.
  func refuse() throws {
    guard let option = branch != nil ? "--model-branch" : isAveraged ? "--ema" : nil else { return }
    throw Unreadable(
      "holds a single model, of which nothing can be chosen",
      remedy: "leave \(option) out; it is for checkpoints of PyTorch (.pt)")
  }
}
