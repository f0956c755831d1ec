/// How many frames a batch has (`batch_size`).
public enum BatchRule: Sendable, Equatable {
  /// The same number of frames for every system.
  case fixed(Int)
  /// One number per system.
  case each([Int])
  /// The fewest frames that have at least this many atoms ("auto:N").
  case atLeast(atoms: Int)
  /// The most frames that have at most this many atoms, but at least one frame ("max:N").
  case atMost(atoms: Int)
  /// Like `atMost`, but systems with more atoms than that are left out ("filter:N").
  case dropping(atoms: Int)
  /// This many frames, each from any system ("mixed:N").
  case mixed(frames: Int)

  /// Whether a system of `atoms` atoms takes part.
  public func keeps(atoms: Int) -> Bool {
    if case .dropping(let limit) = self { atoms <= limit } else { true }
  }

  /// Frames per batch of the system at `index`, which has `atoms` atoms; never more than it has
  /// frames.
  ///
  /// For mixed batches this is the number of frames if all come from this system.
  public func size(index: Int, atoms: Int, frames: Int) -> Int {
    let size =
      switch self {
      case .fixed(let size), .mixed(let size): size
      case .each(let sizes): sizes[index]
      case .atLeast(let limit): limit / atoms + (limit % atoms > 0 ? 1 : 0)
      case .atMost(let limit), .dropping(let limit): limit / atoms
      }
    return min(max(size, 1), frames)
  }
}
