import Foundation
import TestSupport
import Testing
import Toolkit

struct CoresTests {
  @Test(arguments: [("0-3,8", 5), ("7", 1), ("0-1", 2)])
  func `cores of the affinity mask are counted`(list: String, cores: Int) {
    #expect(
      Cores.affinity(status: "Name:\tdp\nCpus_allowed_list:\t\(list)\nMems: 0\n")?.count == cores)
  }

  @Test(arguments: [("4", 4), ("6,2", 6), (" 3 ", 3), ("0", nil), ("all", nil), ("", nil)])
  func `OMP_NUM_THREADS counts when it makes sense`(text: String, threads: Int?) {
    #expect(Cores.threads(fromOpenMP: text) == threads)
  }

  @Test func `the smallest quota of our group and its parents counts, rounded up`() throws {
    try withTemporaryFolder { root in
      let job = root.appending(path: "slurm/job")
      try FileManager.default.createDirectory(at: job, withIntermediateDirectories: true)
      try "max 100000".write(to: job.appending(path: "cpu.max"), atomically: true, encoding: .utf8)
      try "250000 100000".write(
        to: root.appending(path: "slurm/cpu.max"), atomically: true, encoding: .utf8)
      #expect(Cores.quota(groups: "0::/slurm/job\n", mountedAt: root.path) == 3)
      #expect(Cores.quota(groups: "0::/\n", mountedAt: root.path) == nil)
    }
  }

  @Test func `the older kind of control group is read as well`() throws {
    try withTemporaryFolder { root in
      let folder = root.appending(path: "cpu")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      for (name, text) in [("cpu.cfs_quota_us", "150000\n"), ("cpu.cfs_period_us", "100000\n")] {
        try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
      }
      #expect(Cores.quota(groups: "4:cpu,cpuacct:/\n", mountedAt: root.path) == 2)
      #expect(Cores.quota(groups: "4:memory:/\n", mountedAt: root.path) == nil)
    }
  }
}
