import Files
import Foundation
import TestSupport
import Testing

/// `pipelines/stage` alone, with small programs as tools: when it runs one, and when it does not.
struct StageTests {
  @Test func `a stage runs once, and a touched input changes nothing`() throws {
    try inPlayground { stage in
      #expect(try stage.copy() == "==> out: cp\n")
      #expect(try stage.copy() == "    out is up to date\n")
      let soon = Date(timeIntervalSinceNow: 60)
      try FileManager.default.setAttributes(
        [.modificationDate: soon], ofItemAtPath: stage.folder.appending(path: "in").path)
      #expect(try stage.copy() == "    out is up to date\n")
    }
  }

  @Test func `a changed byte of input, output, argument or tool runs it again`() throws {
    try inPlayground { stage in
      _ = try stage.copy()
      try stage.write("other", to: "in")
      #expect(try stage.copy() == "==> out: cp because of in\n")
      #expect(try stage.read("out") == "other")
      try stage.write("damaged", to: "out")
      #expect(try stage.copy().hasPrefix("==> out: cp"))
      #expect(try stage.read("out") == "other")
      let forced = ["out", "in", "--", "/bin/cp", "-f", "in", "out"]
      #expect(try stage.run(forced) == "==> out: cp because of -f\n")
      try stage.write("#!/bin/sh\ncp in out\n", to: "tool")
      #expect(try stage.run(["out", "in", "--", "./tool"]) == "==> out: tool because of tool\n")
      try stage.write("#!/bin/sh\n\ncp in out\n", to: "tool")
      #expect(try stage.run(["out", "in", "--", "./tool"]) == "==> out: tool because of tool\n")
      #expect(try stage.run(["out", "in", "--", "./tool"]) == "    out is up to date\n")
    }
  }

  @Test func `an input that moved is the same input`() throws {
    try inPlayground { stage in
      let folder = stage.folder.appending(path: "elsewhere")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try stage.write("content", to: "elsewhere/in")
      _ = try stage.copy()
      let moved = folder.appending(path: "in").path
      let answer = try stage.run(["out", moved, "--", "/bin/cp", moved, "out"])
      #expect(answer == "    out is up to date\n")
    }
  }

  @Test func `a folder counts by the names and contents of its files`() throws {
    try inPlayground { stage in
      let folder = stage.folder.appending(path: "data/deep")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try stage.write("1", to: "data/deep/a")
      let list = ["--stdout", "out", "data", "--", "/bin/ls", "-R", "data"]
      #expect(try stage.run(list) == "==> out: ls\n")
      #expect(try stage.run(list) == "    out is up to date\n")
      try stage.write("2", to: "data/deep/a")
      #expect(try stage.run(list) == "==> out: ls because of data\n")
      try stage.write("2", to: "data/deep/b")
      #expect(try stage.run(list) == "==> out: ls because of data\n")
    }
  }

  @Test func `a failed tool leaves no record, and printed output only when whole`() throws {
    try inPlayground { stage in
      let command = ["--stdout", "out", "in", "--", "/bin/sh", "-c", "echo half; exit 66"]
      let failed = try stage.finish(command)
      #expect(failed.exitCode == 66)
      #expect(try !contents(of: stage.folder).contains("out"))
      #expect(try !contents(of: stage.folder).contains("out.made"))
    }
  }

  @Test func `half-made output is continued for the same inputs and removed for others`() throws {
    try inPlayground { stage in
      let interrupted = ["mkdir -p run; echo 1 >>run/steps; test -e finish"]
      let command = ["--keep", "run", "in", "--", "/bin/sh", "-c"] + interrupted
      #expect(try stage.finish(command).exitCode == 1)
      #expect(try stage.finish(command).exitCode == 1)
      #expect(try stage.read("run/steps") == "1\n1\n")
      try stage.write("other", to: "in")
      #expect(try stage.finish(command).exitCode == 1)
      #expect(try stage.read("run/steps") == "1\n")
      try stage.write("", to: "finish")
      #expect(try stage.finish(command).exitCode == 0)
      #expect(try stage.read("run/steps") == "1\n1\n")
    }
  }

  @Test func `an output that a tool may leave out counts, too`() throws {
    try inPlayground { stage in
      try stage.write("#!/bin/sh\ncp in out; test ! -e more || cp more second\n", to: "tool")
      let command = ["--also", "second", "out", "in", "--", "./tool"]
      #expect(try stage.run(command) == "==> out: tool\n")
      #expect(try stage.run(command) == "    out is up to date\n")
      try stage.write("1", to: "second")
      #expect(try stage.run(command) == "==> out: tool\n", "nobody made that")
      try stage.write("2", to: "more")
      try stage.write("other", to: "in")
      #expect(try stage.run(command) == "==> out: tool because of in\n")
      #expect(try stage.run(command) == "    out is up to date\n")
      try stage.write("3", to: "second")
      #expect(try stage.run(command) == "==> out: tool\n")
      #expect(try stage.read("second") == "2")
    }
  }

  @Test func `systems for validation are in a folder of that name, or the last one if asked`()
    throws
  {
    try inPlayground { stage in
      for system in ["b/x", "a", "c d"] {
        let folder = stage.folder.appending(path: "raw/\(system)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try stage.write("0", to: "raw/\(system)/type.raw")
      }
      #expect(try stage.systems("training") == ["raw/a", "raw/b/x", "raw/c d"])
      #expect(try stage.systems("validation") == [])
      #expect(try stage.systems("training", "last") == ["raw/a", "raw/b/x"])
      #expect(try stage.systems("validation", "last") == ["raw/c d"])
      let folder = stage.folder.appending(path: "raw/b/validation")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try stage.write("", to: "raw/b/validation/one.xyz")
      #expect(try stage.systems("training") == ["raw/a", "raw/b/x", "raw/c d"])
      #expect(try stage.systems("validation", "last") == ["raw/b/validation/one.xyz"])
    }
  }

  @Test func `a single system is never its own validation, and a file is a system`() throws {
    try inPlayground { stage in
      try stage.write("", to: "raw")
      for last in ["", "last"] {
        #expect(try stage.systems("training", last) == ["raw"])
        #expect(try stage.systems("validation", last) == [])
      }
      let group = try stage.finish(["training", "raw#/water"], script: "systems")
      #expect(group.output == "raw#/water\n")
      #expect(try stage.finish(["training", "missing#/x"], script: "systems").exitCode == 66)
    }
  }

  @Test(arguments: [("constant", 0), ("JOBS", 1)])
  func `two makings are compared file by file`(content: String, code: Int32) throws {
    try inPlayground { stage in
      // A make that writes its arguments into a file, all or those that the two makings share.
      let script = """
        #!/bin/sh
        for word; do case $word in WORK=*) work=${word#WORK=} ;; \(content)=*) text=$word ;; esac; done
        echo "$text" >$work/model.h5; echo 1 >$work/stat.h5; echo "$text" >$work/stat.h5.made
        """
      try stage.write(script, to: "make")
      let path = "\(stage.folder.path):\(ProcessInfo.processInfo.environment["PATH"] ?? "")"
      let finished = try runProgram(
        checkout.appending(path: "pipelines/verify").path, ["water"], in: stage.folder,
        environment: ["PATH": path])
      #expect(finished.exitCode == code, "\(finished.messages)")
      #expect(finished.output.contains(/stat\.h5 +[0-9a-f]{64}  same/))
      #expect(finished.output.contains("DIFFERENT") == (code == 1))
      #expect(finished.output.contains("2 artifacts, byte for byte the same") == (code == 0))
    }
  }
}

/// A folder with a file `in`, and the scripts of this checkout.
private struct Playground {
  let folder: URL

  func finish(_ arguments: [String], script: String = "stage") throws -> Finished {
    try runProgram(checkout.appending(path: "pipelines/\(script)").path, arguments, in: folder)
  }

  func run(_ arguments: [String]) throws -> String {
    let finished = try finish(arguments)
    #expect(finished.exitCode == 0, "\(finished.messages)")
    return finished.output
  }

  func copy() throws -> String { try run(["out", "in", "--", "/bin/cp", "in", "out"]) }

  func systems(_ role: String, _ last: String = "") throws -> [String] {
    try finish([role, "raw", last], script: "systems").output.split(separator: "\n").map(
      String.init)
  }

  func write(_ text: String, to name: String) throws {
    let path = folder.appending(path: name)
    try text.write(to: path, atomically: false, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path.path)
  }

  func read(_ name: String) throws -> String {
    try String(contentsOf: folder.appending(path: name), encoding: .utf8)
  }
}

private func inPlayground(_ body: (Playground) throws -> Void) throws {
  try withTemporaryFolder { folder in
    let playground = Playground(folder: folder)
    try playground.write("content", to: "in")
    try body(playground)
  }
}
