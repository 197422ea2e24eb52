"""Read-only questions about an app, answered from its metadata.json. Standard library only.

``index`` makes and reads metadata.idx, ``store`` holds what was loaded, ``filters`` picks, ``render`` prints.
"""
