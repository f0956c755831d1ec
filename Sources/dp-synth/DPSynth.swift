import ArgumentParser
import Atoms
import Datasets
import Diagnostics
import Synthesis
import Toolkit

extension SyntheticSystem: ExpressibleByArgument {}

@main struct DPSynth: Tool {
  static let configuration = CommandConfiguration.tool(
    "dp-synth",
    abstract: "Make labelled data for tutorials and tests.",
    usage: """
      dp-synth <system> <folder> [--seed <n>] [--frames <n>] [--tensors] [--force]
      dp-synth --list
      dp-synth --zbl <file> --types <names> [--inner <r>] [--outer <r>] [--spacing <dr>] [--force]
      """,
    discussion: """
      Runs molecular dynamics of a classical model and writes systems of frames with energy, \
      force and virial, in npy folders: data_0, data_1, ... for training, and validation.  \
      The same seed gives the same bytes.

      EXAMPLES
        dp-synth water raw/                  liquid water, 320 frames of 192 atoms
        dp-synth copper raw/ --frames 10     ten frames of each system
        dp-synth cluster raw/ --seed 2       another sample
        dp-synth alloy raw/                  four elements, frames of mixed type
        dp-synth water raw/ --tensors        dipoles and polarizabilities, too
        dp-synth --zbl zbl.txt --types O,H   a table for "use_srtab" in an input.json
      """)

  @OptionGroup var common: CommonOptions
  @Argument(help: "What to make.") var system: SyntheticSystem?
  @Argument(help: "Folder to write, new or empty.") var folder: String?
  @Option(help: "Seed of the random numbers.") var seed: UInt64 = 1
  @Option(help: ArgumentHelp("Frames of each system (default: the recipe's).", valueName: "n"))
  var frames: Int?
  @Flag(help: "Label water's dipoles and polarizabilities, too.") var tensors = false
  @Flag(help: "Replace the systems that are in the folder, or the table.") var force = false
  @Flag(help: "List the systems that can be made.") var list = false
  @OptionGroup var table: ZBLTable

  func validate() throws {
    let names = SyntheticSystem.allCases.map(\.rawValue).joined(separator: ", ")
    if table.zbl != nil {
      if list || system != nil {
        throw ValidationError("'--zbl' writes a table and makes no data: leave the rest out.")
      }
    } else if list {
      if system != nil { throw ValidationError("'--list' makes nothing: leave the system out.") }
    } else if system == nil {
      throw ValidationError("Say what to make: one of \(names).")
    } else if folder == nil {
      throw ValidationError("Say where to: give the folder to write.")
    }
    if let system, tensors && !system.hasTensors {
      throw ValidationError("'--tensors' is for water and cluster, whose molecules have them.")
    }
    if let frames, frames < 1 {
      throw ValidationError("'--frames \(frames)': the number of frames must be 1 or more.")
    }
  }

  func execute() throws {
    if table.zbl != nil { return try table.write(console, replacing: force) }
    guard let system, let folder else { return try printList() }
    try checkFolder(folder)
    let systems = synthesize(
      system, seed: seed, frames: frames, tensors: tensors, threads: common.threads,
      progress: { [console] done, total in console.progress("frame", done, of: total) })
    try writeSystems(systems, toFolder: folder, replacing: force)
    let count = systems.reduce(0) { $0 + $1.frameCount }
    if common.json { try console.output(json: ["systems": systems.map(SystemSummary.init)]) }
    for system in systems { console.detail(SystemSummary(system).line) }
    console.say("\(folder): \(counted(systems.count, "system")), \(counted(count, "frame"))")
  }

  /// Throws if a folder cannot be replaced, before the long work and not after it.
  private func checkFolder(_ folder: String) throws {
    do {
      try requireReplaceable(folder, replacing: force)
    } catch var error as ToolError where !force {
      error.remedy = "give the name of a new folder, or replace the systems in it with --force"
      throw error
    }
  }

  private func printList() throws {
    let kinds = SyntheticSystem.allCases
    if common.json {
      let summaries = kinds.map { ["name": $0.rawValue, "summary": $0.summary] }
      return try console.output(json: ["systems": summaries])
    }
    let width = kinds.map(\.rawValue.count).max() ?? 0
    for kind in kinds {
      let padding = String(repeating: " ", count: width - kind.rawValue.count)
      try console.output("\(kind.rawValue)\(padding)  \(kind.summary)\n")
    }
  }
}
