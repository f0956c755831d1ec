import Kernels

extension Operation {
  /// `y[to] += Σ_layers layer + Σ_others factor · x`: what messages are made of.
  ///
  /// It stands for a chain of products, sums and maps, see `MessageFusion`.  Its passes compute a
  /// layer's rows again, block by block, so that none of them are stored.
  public struct Message: Sendable {
    let out: ValueID, rows: SpaceID
    let layers: [GatheredLayer]
    /// What else is added, row by row; without terms where segments are summed.
    let others: Sum
    let to: TableID?
  }

  /// `factor · switch · scale ⊙ f(x W + Σ gathered + b)` for each row.
  public struct GatheredLayer: Sendable {
    /// Rows in order, and the matrix.
    let x: View, weights: View
    /// Rows of others, products with matrices of their own already, through tables.
    let gathered: [View]
    let bias: View?, activation: Activation
    /// Parameters, one row for all; one number for each row.
    let scale: View?, switches: View?
    let factor: Double

    var inputs: [View] {
      [x, weights] + gathered + [bias, scale, switches].compactMap { $0 }
    }
  }

  /// Whether it is a message: much work for few numbers.
  var isMessage: Bool {
    if case .message = self { true } else { false }
  }
}
