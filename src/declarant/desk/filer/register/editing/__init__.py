"""Editing a record: forms made from the schema, or its YAML; both write the same record."""
