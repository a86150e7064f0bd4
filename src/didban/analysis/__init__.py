"""What humans make of many records: person files, each about one person or thing."""
