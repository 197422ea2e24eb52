"""What dispatch is measured against: linear scans, a jump table, vector comparison, other routers."""
