"""What really happens on the network: look-ups, connections and signed calls, and how they agree with the model."""
