"""Who does the work: processes on this machine or on a Dask cluster, each with a sandbox of its own."""
