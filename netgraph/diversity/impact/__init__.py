"""What one given set of failures takes down."""
