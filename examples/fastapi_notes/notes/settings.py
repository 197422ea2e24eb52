"""What may differ from one installation to another."""

import os

#: A user may keep that many notes.
QUOTA = int(os.environ.get("NOTES_QUOTA", "100"))
#: Tokens are good for that many seconds.
TOKEN_LIFETIME = int(os.environ.get("NOTES_TOKEN_LIFETIME", "3600"))
