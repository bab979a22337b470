"""What a compiled campaign becomes for a service that sends mail: one file a target, printed from neutral parts."""
