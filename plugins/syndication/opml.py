"""OPML"""
def is_opml(data: bytes) -> bool:
    """x"""
    return b"<opml" in data[:1000].lower()
