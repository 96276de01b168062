"""Float physics: bare SI numbers and numpy arrays in and out, no units package, no state."""
