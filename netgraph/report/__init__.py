"""What people see: tables, maps and the words on them (the only place with matplotlib and rich)."""
