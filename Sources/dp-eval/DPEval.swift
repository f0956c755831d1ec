@main struct DPEval {
  static func main() {}
}
