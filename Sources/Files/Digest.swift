import CCrypto

/// The SHA-256 of a stream of bytes, as 64 hexadecimal digits.
public struct Digest {
  private var state = SHA256_CTX()

  /// Starts with no bytes.
  public init() { SHA256_Init(&state) }

  /// Adds raw memory.
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    if !bytes.isEmpty { SHA256_Update(&state, bytes.baseAddress, bytes.count) }
  }

  /// Adds bytes.
  public mutating func update(_ bytes: some Collection<UInt8>) {
    let isContiguous: Void? = bytes.withContiguousStorageIfAvailable {
      update(UnsafeRawBufferPointer($0))
    }
    if isContiguous == nil { update(Array(bytes)) }
  }

  /// Adds text, as UTF-8.
  public mutating func update(_ text: String) {
    var text = text
    text.withUTF8 { update(UnsafeRawBufferPointer($0)) }
  }

  /// The digits for all bytes so far; more bytes can follow.
  public var hexadecimal: String {
    var state = state
    let bytes = [UInt8](unsafeUninitializedCapacity: Int(SHA256_DIGEST_LENGTH)) { buffer, count in
      SHA256_Final(buffer.baseAddress, &state)
      count = buffer.count
    }
    return bytes.map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }

  /// The digest of `bytes`.
  public static func sha256(_ bytes: some Collection<UInt8>) -> String {
    var digest = Digest()
    digest.update(bytes)
    return digest.hexadecimal
  }

  /// The digest of the file at `path`, read in pieces; throws `.missingInput` or `.io`.
  public static func sha256(fileAt path: String) throws -> String {
    let file = try FileBytes(path)
    var digest = Digest()
    try file.forEachPiece(0..<file.length) { digest.update($0) }
    return digest.hexadecimal
  }
}
