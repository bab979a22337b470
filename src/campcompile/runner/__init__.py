"""What opens a socket: it knows manifests, not campaigns."""
