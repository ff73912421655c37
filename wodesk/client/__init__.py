"""Sources of metrics: Netdata's API in its three versions, and this machine itself."""
