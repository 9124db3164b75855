"""The plant-only question: networks of nodes and spans, and routes to their centres."""
