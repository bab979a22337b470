"""What leaves for a service that sends mail: the VEN rules."""
