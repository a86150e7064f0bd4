"""Records of each owner at the nodes of their audience, for as long as the owner says.

readers     who reads what              publishing  what changed leaves with the deed itself
copies      what others say, kept       leases      what nobody renews, ends
withdrawals who let go, and who has not inventory   drift is found and mended
onward      handed on with consent      rooms       all of it, joined to feeds and duties
"""
