import Foundation
import TestSupport
import Testing

/// What `make` builds for whom, and what `make install` puts where.
struct InstallTests {
  private func make(_ arguments: String..., in folder: URL) throws -> Finished {
    try runProgram(
      "/usr/bin/make", arguments, in: folder, environment: ["MAKEFLAGS": "", "MAKELEVEL": ""])
  }

  @Test(arguments: ["train", "report", "verify", "tools"])
  func `a pipeline has the tools built and nothing else`(target: String) throws {
    try inPipeline { pipeline in
      let run = try make("-n", target, "SYSTEM=tiny", "RAW=raw", in: pipeline.folder)
      #expect(run.exitCode == 0, "\(run.messages)")
      let builds = run.output.split(separator: "\n").filter { $0.contains("swift ") }
      #expect(builds == ["swift build -c release -debug-info-format none --target tools"])
    }
  }

  @Test func `what is installed is small, works, and names the prefix alone`() throws {
    try inPipeline { pipeline in
      let folder = pipeline.folder, files = FileManager.default
      let root = folder.appending(path: "root/opt/dp").path
      try files.createSymbolicLink(
        at: folder.appending(path: "Sources"),
        withDestinationURL: checkout.appending(path: "Sources"))
      // Pages are made by a program that the package manager builds, as the library is linked.
      let pages = folder.appending(path: "build/man")
      try files.createDirectory(at: pages, withIntermediateDirectories: true)
      for tool in toolNames {
        try "page".write(
          to: pages.appending(path: "\(tool).1"), atomically: false, encoding: .utf8)
      }
      let run = try make(
        "install", "-o", "man", "-o", "build", "BIN=\(toolFolder.path)", "PREFIX=/opt/dp",
        "DESTDIR=\(folder.path)/root", in: folder)
      #expect(run.exitCode == 0, "\(run.messages)")

      func size(_ path: String) throws -> Int {
        try #require(files.attributesOfItem(atPath: path)[.size] as? Int)
      }
      for tool in toolNames {
        let path = "\(root)/bin/\(tool)"
        let version = try runProgram(path, ["--version"])
        #expect(version.exitCode == 0 && version.output.hasPrefix("\(tool) "))
        #expect(try tool == "dp" || files.destinationOfSymbolicLink(atPath: path) == "dp")
        for other in [
          "share/man/man1/\(tool).1", "share/bash-completion/completions/\(tool)",
          "share/zsh/site-functions/_\(tool)", "share/fish/vendor_completions.d/\(tool).fish",
        ] {
          #expect(try size("\(root)/\(other)") > 0)
        }
      }
      let toolsTogether = try toolNames.reduce(0) {
        try $0 + size(toolFolder.appending(path: $1).path)
      }
      #expect(try 2 * size("\(root)/bin/dp") < toolsTogether)
      let library = "libdeepmd_c.so"
      #expect(
        files.contentsEqual(
          atPath: "\(root)/lib/\(library)", andPath: toolFolder.appending(path: library).path))
      for other in [
        "include/deepmd/c_api.h", "lib/cmake/deepmd_c/deepmd_c-config.cmake",
        "lib/python3/dist-packages/deep_potential/infer/deep_pot.py",
      ] {
        #expect(files.fileExists(atPath: "\(root)/\(other)"), "\(other)")
      }
      let description = try String(
        contentsOfFile: "\(root)/lib/pkgconfig/deepmd_c.pc", encoding: .utf8)
      #expect(description.contains("/opt/dp") && !description.contains(folder.path))
      if hasNumPy { try expectPythonModule(in: "\(root)/lib") }
    }
  }

  /// Expects that Python finds the module below `folder`, and the module the library there.
  private func expectPythonModule(in folder: String) throws {
    let script = "from deep_potential.library import library; print(library()._name)"
    let run = try runProgram(
      "/usr/bin/env", ["python3", "-c", script],
      environment: [
        "PYTHONPATH": "\(folder)/python3/dist-packages", "PYTHONDONTWRITEBYTECODE": "1",
        "DEEP_POTENTIAL_LIBRARY": "",
      ])
    #expect(run.output == "\(folder)/libdeepmd_c.so\n", "\(run.messages)")
  }
}
