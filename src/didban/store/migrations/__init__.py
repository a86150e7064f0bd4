"""How a bank made by an older Didban becomes one of today: each step up, and down again."""
