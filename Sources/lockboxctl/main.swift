internal import CommandLine
internal import Glibc

let status = await CommandLineTool.run(Array(Swift.CommandLine.arguments.dropFirst()))
exit(status.rawValue)
