import Diagnostics
import Files
import Models

extension RunFolder {
  /// Writes `checkpoint`, makes it the newest, and removes all but the `keeping` newest checkpoints
  /// before it.
  ///
  /// Throws `.cannotCreate` or `.io`; all earlier checkpoints then still exist.
  public func save(_ checkpoint: Checkpoint, keeping: Int) throws {
    precondition(keeping >= 1)
    let step = checkpoint.state.step
    try checkpoint.write(to: self.checkpoint(after: step))
    try writeWhole("\(name)-\(step).h5\n", to: pointer)
    try giveAliases(toCheckpointAfter: step)
    try prune(before: step, keeping: keeping)
  }

  /// The newest complete checkpoint, and its path, as above.
  public func newest(_ warn: (ToolError) -> Void) throws -> (checkpoint: Checkpoint, path: String) {
    let found = try newest(reading: Checkpoint.read, warn: warn)
    return (found.content, found.path)
  }
}
