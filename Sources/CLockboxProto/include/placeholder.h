// Replaced by generated code.
