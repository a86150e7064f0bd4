"""What stands across every check: its reason, and the trace that it leaves."""
