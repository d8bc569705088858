internal import Glibc
internal import VerifyTool

let status = VerificationTool.run(Array(CommandLine.arguments.dropFirst()))
exit(status.rawValue)
