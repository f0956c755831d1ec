import ArgumentParser
import Diagnostics
import Files
import Foundation

/// The options by which DeePMD-kit's commands name data.
struct SystemOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Data: a folder of systems at any depth, or a file.", valueName: "data"))
  var system: String?
  @Option(
    name: [.customShort("f"), .long],
    help: ArgumentHelp("A file with the path of a system on each line.", valueName: "file"))
  var datafile: String?

  func validate() throws {
    if system != nil && datafile != nil {
      throw ValidationError("'--system' and '--datafile' exclude each other.")
    }
  }

  /// The paths of the systems; by default the current folder.  Throws `.missingInput` if the list
  /// cannot be read.
  func systems() throws -> [String] {
    guard let datafile else { return [system ?? "."] }
    let paths = try text(ofFile: datafile).split(whereSeparator: \.isNewline).map(String.init)
      .filter { !$0.allSatisfy(\.isWhitespace) }
    guard !paths.isEmpty else { throw ToolError(.data, at: datafile, "names no system") }
    return paths
  }
}
