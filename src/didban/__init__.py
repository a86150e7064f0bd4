"""Didban: screening of people and documents at a border, and what a bureau does with a match."""
