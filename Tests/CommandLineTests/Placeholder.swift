// Tests of lockboxctl.
