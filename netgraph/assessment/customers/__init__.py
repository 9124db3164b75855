"""One printable sheet a customer (一户一案)."""
