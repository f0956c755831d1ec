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

  @Test func `libraries that pkg-config finds are enough on Debian`() throws {
    let found = ["hdf5", "openblas", "libcrypto"]
    try withMachine(sudo: "exit 1", apt: "exit 1", found: found) { packages in
      let run = try packages([])
      #expect(run.exitCode == 0 && run.output.isEmpty && run.messages.isEmpty, "\(run.messages)")
    }
  }

  @Test func `only the package of the library that is missing is installed`() throws {
    let sudo = "test \"$1\" = -n && exit; exec \"$@\""
    try withMachine(sudo: sudo, apt: "exit 0", found: ["hdf5", "libcrypto"]) { packages in
      let run = try packages([])
      #expect(run.output == "==> installing libopenblas-dev\n", "\(run.messages)")
    }
  }
}

/// `pipelines/packages` where there is no apt-get.
struct OtherPackagesTests {
  @Test func `three libraries are enough, and no MPI is asked for`() throws {
    try withElsewhere(found: ["hdf5", "openblas", "libcrypto"]) { script in
      let run = try script("packages", [])
      #expect(run.exitCode == 0 && run.messages.isEmpty, "\(run.messages)")
    }
  }

  @Test func `what is missing is told by the names of four systems`() throws {
    try withElsewhere(found: ["openblas"]) { script in
      let run = try script("packages", ["strace"])
      let expected = """
        Please install strace, then try again.
        pkg-config finds no HDF5 OpenSSL with headers. Please install them, then try again:
          Fedora    dnf install hdf5-devel openssl-devel
          Arch      pacman -S hdf5 openssl
          openSUSE  zypper install hdf5-devel libopenssl-devel
          conda     conda install -c conda-forge hdf5 openssl

        """
      #expect(run.exitCode == 1 && run.messages == expected, "\(run.messages)")
    }
  }

  @Test func `a launcher that is missing may be one that PATH does not name`() throws {
    try withElsewhere(found: ["hdf5", "openblas", "libcrypto"]) { script in
      let run = try script("packages", ["mpirun:openmpi-bin"])
      #expect(run.exitCode == 1)
      for words in ["Please install openmpi-bin", "in PATH", "module load mpi/"] {
        #expect(run.messages.contains(words), "\(run.messages)")
      }
    }
  }
}

/// Runs `body` with a way to call the script where Debian has installed nothing, and pkg-config
/// finds `found`.
private func withMachine(
  sudo: String, apt: String, found: [String] = [],
  _ body: (([String]) throws -> Finished) throws -> Void
) throws {
  try withTemporaryFolder { folder in
    try write(
      [
        "id": "echo 1000", "sudo": sudo, "apt-get": apt, "dpkg-query": "exit 1",
        "pkg-config": finding(found),
      ], to: folder)
    try body { try run("packages", $0, in: folder, path: "\(folder.path):/usr/bin:/bin") }
  }
}

/// Runs `body` with a way to call scripts where there is nothing but a pkg-config that finds
/// `found`.
private func withElsewhere(
  found: [String], _ body: ((String, [String]) throws -> Finished) throws -> Void
) throws {
  try withTemporaryFolder { folder in
    try write(["pkg-config": finding(found)], to: folder)
    try body { try run($0, $1, in: folder, path: folder.path) }
  }
}

/// A pkg-config that finds `names` and nothing else.
private func finding(_ names: [String]) -> String {
  let known = (["--exists"] + names).joined(separator: " ")
  return "for name; do case \" \(known) \" in *\" $name \"*) ;; *) exit 1 ;; esac; done"
}

/// Writes shell scripts, text by name.
private func write(_ programs: [String: String], to folder: URL) throws {
  for (name, text) in programs {
    let file = folder.appending(path: name)
    try "#!/bin/sh\n\(text)\n".write(to: file, atomically: false, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
  }
}

private func run(
  _ script: String, _ arguments: [String], in folder: URL, path: String
) throws -> Finished {
  try runProgram(
    checkout.appending(path: "pipelines/\(script)").path, arguments, in: folder,
    environment: ["PATH": path])
}
