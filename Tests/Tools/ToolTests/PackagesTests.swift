import Foundation
import TestSupport
import Testing

/// `pipelines/packages` as a user who is not root, with a sudo, a dpkg and an apt-get of the test's
/// own.
struct PackagesTests {
  @Test func `a sudo that may not is told like no sudo`() throws {
    try withMachine(sudo: "echo 'a password is required' >&2; exit 1", apt: "exit 0") { packages in
      let run = try packages(["strace"])
      #expect(run.exitCode == 1)
      #expect(run.messages.contains("Please have root run: apt-get install"))
      #expect(!run.messages.contains("password"))
    }
  }

  @Test func `what apt says goes to a log, whose name is told when it fails`() throws {
    try withMachine(sudo: "test \"$1\" = -n && exit; exec \"$@\"", apt: "echo chatter") {
      packages in
      let run = try packages([])
      #expect(run.exitCode == 0, "\(run.messages)")
      #expect(run.output.hasPrefix("==> installing") && !run.output.contains("chatter"))
    }
    try withMachine(
      sudo: "test \"$1\" = -n && exit; exec \"$@\"", apt: "echo chatter; echo no net; exit 100"
    ) { packages in
      let run = try packages([])
      #expect(run.exitCode == 1)
      #expect(run.messages.contains("no net") && run.messages.contains("build/packages.log"))
    }
  }
}

/// Runs `body` with a way to call the script where nothing is installed.
private func withMachine(
  sudo: String, apt: String, _ body: (([String]) throws -> Finished) throws -> Void
) throws {
  try withTemporaryFolder { folder in
    let programs = [
      "id": "echo 1000", "sudo": sudo, "apt-get": apt, "dpkg-query": "exit 1",
      "pkg-config": "exit 1",
    ]
    for (name, text) in programs {
      let file = folder.appending(path: name)
      try "#!/bin/sh\n\(text)\n".write(to: file, atomically: false, encoding: .utf8)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
    }
    try body { arguments in
      try runProgram(
        checkout.appending(path: "pipelines/packages").path, arguments, in: folder,
        environment: ["PATH": "\(folder.path):/usr/bin:/bin"])
    }
  }
}
