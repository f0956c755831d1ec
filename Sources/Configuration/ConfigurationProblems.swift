import Diagnostics

/// The errors found while a configuration is read, all of them.
package final class ConfigurationProblems {
  private let place: String
  private var errors: [ToolError] = []

  /// Collects errors of the file `place`.
  package init(place: String) { self.place = place }

  /// Records a problem at a JSON path.
  package func add(_ path: String, _ problem: String, remedy: String? = nil) {
    errors.append(
      ToolError(
        .configuration, at: path.isEmpty ? place : "\(place): \(path)", problem, remedy: remedy))
  }

  /// Throws everything recorded, if there is something.
  package func throwIfAny() throws { if !errors.isEmpty { throw ToolErrors(errors) } }
}
