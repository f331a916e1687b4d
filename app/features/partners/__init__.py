"""Organisations (samarbetspartner) and their member organisations."""
