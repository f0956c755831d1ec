import Diagnostics

/// What is read from a file that holds more than one model.
public struct ModelChoice: Sendable, Equatable {
  /// The name of the model in a multi-task checkpoint; nil if there is only one.
  public var branch: String?
  /// Whether the averaged weights are read.
  public var isAveraged: Bool
  /// Whether wrong checksums are ignored, so that tests reach what is behind them.
  package var ignoresChecksums = false

  /// Makes a choice.
  public init(branch: String? = nil, isAveraged: Bool = false) {
    self.branch = branch
    self.isAveraged = isAveraged
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
