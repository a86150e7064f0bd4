"""The words of the domain as frozen values. Pure: no clock, no network, no files, no framework."""
