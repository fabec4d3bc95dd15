"""Tables, the one writer of the ledger, and its readers. Both SQL dialects end here."""
