"""What a browser says of itself, in the two words a person knows it by."""

# The first that is found is the one: most browsers name several others to be let in everywhere.
BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "Whale": "Whale",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS X": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}
LONGEST = 60


def browser_name(user_agent: str) -> str:
    """`Chrome · Windows`; of one that is not known, the beginning of what it says."""
    found = (next((name for sign, name in names.items() if sign in user_agent), "") for names in (BROWSERS, SYSTEMS))
    return " · ".join(filter(None, found)) or user_agent[:LONGEST] or "?"
