"""Is the OpenAPI document enough to write a client? TypeScript's and Python's are generated from it and checked."""
