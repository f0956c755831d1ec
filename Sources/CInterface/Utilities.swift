// c_api.h documents these functions.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

import CDeepMD
import CVersion
import Diagnostics
import Files
import Glibc

@implementation @c public func DP_PrintSummary(_ prefix: UnsafePointer<CChar>!) {
  let prefix = prefix.map(String.init(cString:)) ?? ""
  print(
    "\(prefix)Deep Potential models by libdeepmd_c \(DP_RELEASE) (\(String(cString: dp_commit())))")
  print(
    "\(prefix)on one thread a process, or as DP_INTRA_OP_PARALLELISM_THREADS or OMP_NUM_THREADS say"
  )
  for line in LoadedModel.loaded.withLock({ $0 }) { print("\(prefix)\(line)") }
  fflush(nil)
}

@implementation @c public func DP_ReadFileToChar2(
  _ path: UnsafePointer<CChar>!, _ size: UnsafeMutablePointer<CInt>!
) -> UnsafePointer<CChar>! {
  let name = path.map(String.init(cString:)) ?? ""
  func fail(_ problem: String) -> UnsafePointer<CChar>? {
    let text = "\(name): \(problem)"
    size?.pointee = -CInt(text.utf8.count)
    return UnsafePointer(strdup(text))
  }
  guard let content = try? contents(ofFile: name) else {
    return fail("cannot be read: no such file, or no permission")
  }
  guard let count = CInt(exactly: content.count), let copy = malloc(content.count + 1) else {
    return fail("has \(counted(content.count, "byte")), too many to be handed over")
  }
  let bytes = copy.bindMemory(to: UInt8.self, capacity: content.count + 1)
  bytes.update(from: content, count: content.count)
  bytes[content.count] = 0
  size?.pointee = count
  return UnsafePointer(copy.bindMemory(to: CChar.self, capacity: content.count + 1))
}

@implementation @c public func DP_ReadFileToChar(
  _ path: UnsafePointer<CChar>!
) -> UnsafePointer<CChar>! {
  var size: CInt = 0
  let content = DP_ReadFileToChar2(path, &size)
  if size >= 0 { return content }
  DP_DeleteChar(content)
  return UnsafePointer(strdup(""))
}

@implementation @c public func DP_ConvertPbtxtToPb(
  _ text: UnsafePointer<CChar>!, _ graph: UnsafePointer<CChar>!
) {
  say(
    "error: \(text.map(String.init(cString:)) ?? "NULL"): graphs of TensorFlow are not supported; "
      + "convert them with DeePMD-kit's dp convert-from pbtxt")
}

@implementation @c public func DP_DeleteChar(_ text: UnsafePointer<CChar>!) {
  free(UnsafeMutableRawPointer(mutating: text))
}

@implementation @c public func DP_SelectByType(
  _ atoms: CInt, _ types: UnsafePointer<CInt>!, _ ghosts: CInt, _ selectedCount: CInt,
  _ selected: UnsafePointer<CInt>!, _ forward: UnsafeMutablePointer<CInt>!,
  _ count: UnsafeMutablePointer<CInt>!, _ backward: UnsafeMutablePointer<CInt>!,
  _ ghostCount: UnsafeMutablePointer<CInt>!
) {
  let wantedCount = selected == nil ? 0 : Int(max(selectedCount, 0))
  let wanted = Set(UnsafeBufferPointer(start: selected, count: wantedCount))
  var next: CInt = 0, ghostsFound: CInt = 0
  for atom in 0..<Int(max(atoms, 0)) {
    guard wanted.contains(types[atom]) else {
      forward[atom] = -1
      continue
    }
    forward[atom] = next
    backward?[Int(next)] = CInt(atom)
    next += 1
    if atom >= Int(atoms - ghosts) { ghostsFound += 1 }
  }
  count?.pointee = next
  ghostCount?.pointee = ghostsFound
}

@implementation @c public func DP_SelectMapInt(
  _ rows: UnsafePointer<CInt>!, _ forward: UnsafePointer<CInt>!, _ stride: CInt, _ count: CInt,
  _ selectedCount: CInt, _ out: UnsafeMutablePointer<CInt>!
) {
  let stride = Int(max(stride, 0))
  for row in 0..<Int(max(count, 0)) where forward[row] >= 0 {
    (out + Int(forward[row]) * stride).update(from: rows + row * stride, count: stride)
  }
}
