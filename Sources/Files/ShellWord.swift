import Foundation

/// `text` quoted as one word of a shell.
package func shellWord(_ text: String) -> String {
  let isPlain = text.unicodeScalars.allSatisfy { scalar in
    CharacterSet.alphanumerics.contains(scalar) || "/._-+=:@,".unicodeScalars.contains(scalar)
  }
  if isPlain && !text.isEmpty { return text }
  return "'" + text.replacingOccurrences(of: "'", with: "'\\''") + "'"
}
