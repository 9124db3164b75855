"""Maps: what they draw as plain values, and the layers and furniture that draw it."""
