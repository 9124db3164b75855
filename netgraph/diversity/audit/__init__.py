"""The audit of recorded diversity: units, evidence, verdicts, reasons."""
