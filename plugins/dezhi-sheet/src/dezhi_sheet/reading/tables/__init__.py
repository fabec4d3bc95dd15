"""Tables: where their headings are, what their columns hold, and what each row says."""
