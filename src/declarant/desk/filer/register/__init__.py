"""The register at the desk: records with their history, and the evidence they name."""
