"""What MLPerf training logs: the inside of the reader of `:::MLLOG` lines."""
