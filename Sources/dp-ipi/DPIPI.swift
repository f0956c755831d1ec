import ArgumentParser
import DeepPotential
import Diagnostics
import Files
import ForeignModels
import Foundation
import Models
import Sockets
import Toolkit

@main struct DPIPI: Tool {
  static let configuration = CommandConfiguration.tool(
    "dp-ipi",
    abstract: "Compute energy and forces for i-PI, ASE and others over i-PI's socket protocol.",
    usage: """
      dp-ipi <model.h5> --structure <file> ... [--unix <name>] [--host <name>] [--port <n>]
      dp-ipi <input.json>
      """,
    discussion: """
      A client (driver): i-PI or ASE's SocketIOCalculator listens, this tool connects, waiting for
      it if need be, and computes until the server says EXIT or closes.  Servers send positions
      but no elements: those come from a structure, matched by name.  With several structures the
      number of atoms decides.  An input.json of DeePMD-kit's dp_ipi does as well.

      EXAMPLES
        dp-ipi model.h5 --structure init.xyz                      localhost, port 31415
        dp-ipi model.h5 --structure init.xyz --unix water         /tmp/ipi_water
        dp-ipi model.h5 --structure a.xyz --structure b.xyz --reconnect --wait 600
        dp-ipi water.json                                         what dp_ipi reads
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var branch: BranchOptions
  @Argument(help: "Model, checkpoint or run folder; or an input.json of dp_ipi.")
  var model: String
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Elements of the atoms, in the server's order: XYZ or any data; repeat it for more.",
      valueName: "file"))
  var structure: [String] = []
  @Option(
    help: ArgumentHelp("Connect to the unix socket /tmp/ipi_<name>, or a path.", valueName: "name"))
  var unix: String?
  @Option(help: ArgumentHelp("Machine of the server (default: localhost).", valueName: "name"))
  var host: String?
  @Option(name: .shortAndLong, help: ArgumentHelp("Its port (default: 31415).", valueName: "n"))
  var port: UInt16?
  @Option(help: ArgumentHelp("Wait so many seconds for a server.", valueName: "s")) var wait = 60.0
  @Flag(help: "When a connection has ended, wait for the next server.") var reconnect = false
  @Flag(help: "Do not use the server's cell: nothing is periodic.") var noPbc = false
  @Flag(help: "Send the atom energies along, as JSON, in hartree.") var atomEnergies = false
  @Option(help: "Whose values of hartree and Bohr radius to use: auto, i-pi, ase, codata.")
  var units = UnitChoice.auto

  func validate() throws {
    if unix != nil && (host != nil || port != nil) {
      throw ValidationError("'--unix' excludes '--host' and '--port'.")
    }
    guard wait >= 0 && wait.isFinite else {
      throw ValidationError("'--wait \(wait)': give 0 or more seconds.")
    }
  }

  func execute() throws {
    let peer = try PeerConfiguration(ifAt: model)
    let path = peer?.model ?? model
    let choice = ModelChoice(branch: branch.modelBranch, isAveraged: branch.ema)
    let energyModel = try readModel(at: path, choice, warn: console.warn)
    try energyModel.requireForces(for: "dp-ipi", at: path)
    if let notice = energyModel.output.forceNotice { console.warn("\(path): \(notice)") }
    let structures = try Structures(
      at: structure.isEmpty ? peer.map { [$0.structure] } ?? [] : structure,
      typeMap: energyModel.typeMap, types: structure.isEmpty ? peer?.types : nil)
    let computation = try Computation(
      energyModel, from: path, structures, units: units, usingCells: !noPbc,
      withAtomEnergies: atomEnergies, threads: common.threads)
    try serve(at: address(peer), computation)
  }

  private func address(_ peer: PeerConfiguration?) -> SocketAddress {
    if let unix { return .unix(named: unix) }
    if host == nil && port == nil, let peer { return peer.address }
    return .tcp(host: host ?? "localhost", port: port ?? 31415)
  }
}

extension DPIPI {
  /// Serves one server, or several one after the other.
  private func serve(at address: SocketAddress, _ computation: Computation) throws {
    var servers = 0, end: ForceClient.End?, lost: ToolError?
    repeat {
      let stream: SocketStream
      console.say("waiting for a server at \(address), \(String(format: "%g", wait)) s at most")
      do {
        stream = try address.connect(waiting: wait)
      } catch let error as ToolError where servers > 0 && error.kind == .io {
        console.say("no other server came")
        break
      }
      servers += 1
      console.say("\(address): connected")
      do {
        end = try ForceClient(stream).serve(computation.answer)
        lost = nil
        console.say("\(address): \(end == .exit ? "EXIT" : "closed"), \(computation.summary)")
      } catch let error as ToolError where reconnect && error.kind == .io {
        lost = error
        console.warn("\(error.place): \(error.problem)")
      }
    } while reconnect
    if let lost { throw lost }
    if common.json {
      try console.output(
        json: JSONValue.object([
          "servers": .integer(servers), "calculations": .integer(computation.count),
          "end": .string(end?.rawValue ?? ""),
        ]))
    }
  }
}
