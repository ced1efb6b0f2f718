"""The names of elements, classes and attributes by which the words of speakers are found in HTML and XML."""

VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"))
INLINE = frozenset((
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "em", "font", "i", "ins", "kbd", "mark", "q", "s", "small",
    "span", "strong", "sub", "sup", "u",
))  # fmt: skip
# These elements hold no speech: text of the page, remarks of the transcriber, and times.
SKIPPED = frozenset((
    "script", "style", "head", "nav", "footer", "header", "aside", "template", "noscript", "svg", "button", "select",
    "iframe", "title", "teiheader", "metadata", "desc", "note", "comment", "incident", "kinesic", "vocal", "event",
    "stage", "figure", "object", "canvas", "audio", "video", "time", "timestamp", "start", "end", "starttime",
    "endtime", "id", "confidence", "duration",
))  # fmt: skip
SKIPPED_CLASSES = frozenset((
    "nav", "navbar", "navigation", "menu", "breadcrumb", "breadcrumbs", "footer", "site-footer", "page-footer",
    "sidebar", "copyright", "cookie-banner", "cookies", "time", "timestamp", "time-stamp", "stamp", "ts",
))  # fmt: skip
# The last part of a class, such as `author` in `chat-msg__author`, says what the elements of a chat hold.
NAMES_IN_CLASSES = frozenset(("author", "sender", "speaker", "username", "nickname"))
SKIPPED_IN_CLASSES = frozenset(("time", "timestamp", "footer"))
SKIPPED_IN_CHATS = frozenset(
    ("sys", "notice", "system-notice", "system", "system-message", "system-msg", "msg--system", "message--system")
)
SKIPPED_ROLES = frozenset(("navigation", "contentinfo", "banner", "complementary", "search"))
# These attributes have the speaker of an element.
_SPEAKER = ("speaker", "who", "voice", "spk", "participant", "agent", "speaker_id", "speakerid", "speaker-id")
SPEAKER_KEYS = (*_SPEAKER, *(f"data-{name}" for name in _SPEAKER), "ttm:agent")
# These elements have the name of a speaker.
NAME_TAGS = frozenset(("speaker", "who", "sender", "participant", "voice", "dt"))
NAME_CLASSES = frozenset(("speaker", "speaker-name", "speakername", "who", "sender", "participant", "username"))
# These elements declare the people whose ids the turns have.
PEOPLE = frozenset((
    "person", "speaker", "participant", "agent", "ttm:agent", "who", "member", "party", "voice", "actor",
))  # fmt: skip
NAMES_OF_PEOPLE = ("persname", "name", "ttm:name", "abbreviation", "role", "displayname")
