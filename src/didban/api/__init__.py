"""Checks over HTTP, in the shapes that clients of the OpenSanctions API (yente) already speak."""
