// Suites that use TestKit find temporary directories there; those below it import them alone.
@_exported public import TemporaryFiles
