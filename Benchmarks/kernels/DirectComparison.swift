import DeepPotential
import Kernels

/// One pass of se_e2_a on one thread, through tables and without them, in turns: another program
/// on the machine then slows both.
struct DirectComparison: Codable {
  /// "prediction", or "training": a prediction with its gradient.
  let pass: String
  /// The number format.
  let precision: String
  /// The least seconds through tables, and without them.
  let tables: Double, direct: Double
  /// The least time without tables divided by the least time with them, and the middle of the
  /// ratios of each turn.
  let ratio: Double, middleRatio: Double

  /// Both passes in both formats, for 192 atoms of the model of DeePMD-kit's water example.
  static func all() -> [DirectComparison] {
    [Precision.float64, .float32].flatMap { precision in
      let model = waterModel(precision), frame = model.prepare(waterLikeFrame())
      let evaluators = [true, false].map { Evaluator(threads: 1, tabulates: $0) }
      var gradient = Parameters(zerosLike: model.parameters)
      return [
        DirectComparison("prediction", precision) {
          _ = evaluators[$0].predict([frame], with: model)
        },
        DirectComparison("training", precision) {
          evaluators[$0].gradient(of: [frame], with: model, into: &gradient) {
            ProgramStep.adjoint(of: $1)
          }
        },
      ]
    }
  }

  /// Times `body(0)`, which has tables, and `body(1)`, which has none.
  private init(_ pass: String, _ precision: Precision, _ body: (Int) -> Void) {
    body(0)  // memory that grows once
    body(1)
    let turns = (0..<40).map { _ in
      (tables: seconds(of: 1) { body(0) }, direct: seconds(of: 1) { body(1) })
    }
    self.pass = pass
    self.precision = precision.rawValue
    tables = turns.map(\.tables).min() ?? .nan
    direct = turns.map(\.direct).min() ?? .nan
    ratio = direct / tables
    middleRatio = turns.map { $0.direct / $0.tables }.sorted()[turns.count / 2]
  }
}
