import ArgumentParser
import Diagnostics
import Files
import Foundation
import Reporting
import Toolkit

@main struct DPReport: Tool {
  static let configuration = CommandConfiguration.tool(
    "dp-report",
    abstract: "Make a page about a model: errors, curves, data, and where it comes from.",
    usage: """
      dp-report <folder> [-o <report.html>] [--system <name>] [--head <task>]
      dp-report <folder> --summary [--system <name>]
      """,
    discussion: """
      Reads what a pipeline has made in its folder (docs/PIPELINE.md) and writes one HTML file that
      needs no network and no other file.  What is missing is left out, with the command that makes
      it.  'make report SYSTEM=water' makes everything first.

      EXAMPLES
        dp-report build/water                      writes build/water/report.html
        dp-report build/water -o water.html        elsewhere
        dp-report build/tasks --head accurate      of one of several tasks (docs/TASKS.md)
        dp-report build/water --summary            a few lines, as 'make train' ends with
      """)

  @OptionGroup var common: CommonOptions
  @Argument(help: "Folder of a pipeline.") var folder: String
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Page to write (default: report.html in the folder).", valueName: "file"))
  var output: String?
  @Option(
    help: ArgumentHelp("Name of the pipeline (default: that of the folder).", valueName: "name"))
  var system: String?
  @Option(
    name: [.customLong("head"), .customLong("model-branch")],
    help: ArgumentHelp(
      "Of several tasks report on this one; its files are in the folder of its name.",
      valueName: "name"))
  var head: String?
  @Flag(help: "Print how good the model is and what may come next; write no page.")
  var summary = false

  func validate() throws {
    if summary && head != nil {
      throw ValidationError("'--summary' is about pipelines, which have one task.")
    }
    if summary && output != nil {
      throw ValidationError("'--summary' writes no page, so there is nothing to put in '--output'.")
    }
  }

  private var name: String { system ?? URL(filePath: folder).standardized.lastPathComponent }

  func execute() throws {
    if summary { return try printSummary() }
    let usual = head.map { "report-\($0).html" } ?? "report.html"
    let path = output ?? (folder as NSString).appendingPathComponent(usual)
    let page = try makeReport(
      of: folder, system: name,
      name: (path as NSString).lastPathComponent, head: head, warn: console.warn)
    try writeWhole(page, to: path)
    if common.json {
      try console.output(
        json: JSONValue.object(["page": .string(path), "bytes": .integer(page.utf8.count)]))
    }
    console.say("\(path): \(page.utf8.count / 1000) kB")
  }
  private func printSummary() throws {
    let summary = try PipelineSummary(of: folder)
    if common.json { return try console.output(json: summary.json) }
    try console.output(
      summary.text(system: name, tools: toolsAsTyped, colored: Console.outputIsColored))
  }

  /// The text that a user types before the name of a tool in the current folder: the tools' folder,
  /// if it must be named.
  private var toolsAsTyped: String {
    let own = parentFolder(of: CommandLine.arguments[0])
    let here = FileManager.default.currentDirectoryPath + "/"
    if own.isEmpty { return "" }
    return (own.hasPrefix(here) ? String(own.dropFirst(here.count)) : own) + "/"
  }
}
