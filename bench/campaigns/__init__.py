"""Which promises are put to a long trial? One module each: `PROMISE: str` and `run() -> dict` with `holds` and `counts`."""
