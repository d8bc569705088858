// Handlers and stores turn messages into values in every file: they find the conversions with the rest
// of ServiceKit's.
@_exported public import DomainProto
