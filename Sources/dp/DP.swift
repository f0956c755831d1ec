import ArgumentParser
import Foundation
import Toolkit

@main struct DP: Tool {
  static let configuration = CommandConfiguration(
    commandName: "dp",
    abstract: "Run these tools by the command lines of DeePMD-kit's 'dp'.",
    usage: "dp [-j <n>] [--tf | --pt | ...] <command> ...",
    discussion: """
      For scripts, and for DP-GEN, which call DeePMD-kit (docs/CLIENTS.md).  Models are ours
      whatever they are called: frozen_model.pb is an HDF5 file, and is read as one.

      EXAMPLES
        dp train input.json                               train in this folder
        dp train input.json --restart model.ckpt          go on
        dp freeze                                         write frozen_model.pb
        dp --pt freeze -o model.pth                       write model.pth
        dp test -m frozen_model.pb -s data -n 30          errors
        dp model-devi -m a.pb b.pb -s data                deviation of models
        dp eval-desc -m frozen_model.pb -s data           descriptors, desc/<system>.npy
      """,
    version: Version.text(tool: "dp"),
    subcommands: [
      TrainCommand.self, FreezeCommand.self, TestCommand.self, CompressCommand.self,
      ModelDeviCommand.self, EvalDescCommand.self, NeighborStatCommand.self,
      ChangeBiasCommand.self, ShowCommand.self, ConvertBackendCommand.self,
      AbsentCommand.self,
    ])

  @OptionGroup var common: CommonOptions
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The backend that names of files follow.", valueName: "name"))
  var backend: Backend?
  @Flag(exclusivity: .exclusive) var backendFlag: Backend?

  func validate() throws {
    if backend != nil && backendFlag != nil {
      throw ValidationError("'--backend' excludes the flags that name a backend.")
    }
  }

  /// The backend of this call, which an environment variable may set, as in DeePMD-kit.
  var usedBackend: Backend { backend ?? backendFlag ?? environmentBackend ?? .tensorflow }

  private var environmentBackend: Backend? {
    ProcessInfo.processInfo.environment["DP_BACKEND"].flatMap(Backend.init(argument:))
  }

  /// The option or variable by which this call names its backend, for messages; nil if there is
  /// none.
  var namedBackend: String? {
    if let backend { return "--backend \(backend.name)" }
    if let backendFlag { return "--\(backendFlag.name)" }
    return environmentBackend.map { "DP_BACKEND=\($0.name)" }
  }

  /// After a command, DeePMD-kit's short options have the meaning that the command gives them.
  static func words(_ arguments: [String]) -> [String] {
    let names = configuration.subcommands.flatMap {
      [$0.configuration.commandName ?? ""] + $0.configuration.aliases
    }
    guard let place = arguments.firstIndex(where: names.contains) else { return arguments }
    let command = arguments[...place]
    let rest = arguments[(place + 1)...].map { $0 == "-v" ? "--log-level" : $0 }
    return command + (command.last == "change-bias" ? ChangeBiasCommand.words(rest) : rest)
  }

  func execute() throws { throw CleanExit.helpRequest(self) }
}
