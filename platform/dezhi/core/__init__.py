"""Pure rules: no input or output, no clock, no framework. The ledger's state machine lives here."""
