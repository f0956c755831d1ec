import ArgumentParser
import Diagnostics
import Foundation
import Toolkit

/// The commands of DeePMD-kit that this program does not have.
struct AbsentCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "convert-from", abstract: "Not here.", shouldDisplay: false,
    aliases: [
      "transfer", "embed", "doc-train-input", "train-nvnmd", "gui", "pretrained",
    ])

  @ParentCommand var dp: DP
  @OptionGroup var log: LogOptions
  @Argument(parsing: .captureForPassthrough) var rest: [String] = []

  func execute() throws {
    let names = [Self.configuration.commandName ?? ""] + Self.configuration.aliases
    let name = CommandLine.arguments.first(where: names.contains) ?? names[0]
    throw ToolError(
      .usage, at: name, "is a command of DeePMD-kit that is not here",
      remedy: "run it with DeePMD-kit, which reads our models if their names end in .dp")
  }
}
