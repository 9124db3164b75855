"""The works register for people: on the console, and as a workbook to hand over."""
