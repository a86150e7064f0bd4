"""Every table, by room. All share one `MetaData`, which the migrations are held against."""
