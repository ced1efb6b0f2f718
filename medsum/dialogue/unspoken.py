"""Recognise lines around the turns that nobody says in the visit, such as dispositions, captions and addresses.

Such a line must be certain. A line that may be speech is not recognised, so that the reader refuses it.
"""

import re

from medsum.dialogue.roles import person

# Words of a conversation. A line with one of them may be speech.
_OF_SPEECH = re.compile(
    r"[?!]|\b(?:I|I'\w+|me|my|mine|we|we'\w+|us|our|you|you'\w+|your|yours|yes|yeah|yep|nope|okay|ok|please|thanks?"
    r"|hello|hi|bye|sorry|oh|um|uh|well|let's|(?:it|that|he|she|they|there)'\w+|\w{2,8}n't"
    r"|good (?:morning|afternoon|evening|day|night))\b|\bno,",
    re.IGNORECASE,
)
_FRAMED = re.compile(r"(?:([-*=~_#<>|+])\1{0,9}|\[|\() ?(?=[^\W_])(.{2,120}?(?<! )) ?(?:\1{1,10}|[\])])\.?$")
# What happens to a call, a chat or a recording, and not to a person's body.
_EVENT = re.compile(
    r"\b(?:(?:on|off) hold|(?:un)?held|transferred|(?:un)?muted|(?:dis|re)?connected|(?:has |have )?(?:re)?joined"
    r"|(?:has |have )?left|released|dropped|parked|conferenced|answered|resumed|paused|stopped|started|ended|end|closed"
    r"|uploaded|downloaded|attached|sent|shared|deleted|received|delivered|seen|changed|turned over|switched"
    r"|interrupted|interruption|break|gap|cut|omitted|redacted|omission|blank|continued|hung up|ringing|no audio"
    r"|recording|call (?:back|ends?|begins?|starts?)|entered|exited|logged (?:in|out|off|on)|assigned|accepted|queued"
    r"|escalated|typing|away|idle|timed out|session|transcript|segment|tape|file)\b",
    re.IGNORECASE,
)
_MEDIA = re.compile(
    r"[\[(<] ?(?:(?:live |shared )?(?:photo|image|picture|video|gif|sticker|location|file|document|contact|audio"
    r"|attachment"
    r"|media|poll|screenshot|emoji|voice (?:message|note))s?)(?: (?:omitted|attached|removed|not included|message))?"
    r"(?:[:,] [^\[\]()<>]{1,60})? ?[\])>]$",
    re.IGNORECASE,
)
_TYPIST = r"(?:typist|transcriber|transcriptionist|transcription|editor|secretary)"
_OF_TYPIST = re.compile(  # without brackets, the word `note` must show that no secretary speaks
    rf"[\[(] ?(?:{_TYPIST}|note by (?:the )?{_TYPIST}) ?[:-] ?[^\[\]()]{{1,300}}[\])]$"
    rf"|[\[(*_-]{{0,3}} ?{_TYPIST}(?:['\u2019]?s)? (?:note|comment|remark|query|queries)s? ?[:-] ?.{{1,300}}$",
    re.IGNORECASE,
)
_SIDE = re.compile(
    r"\W*(?:(?:tape|cassette|reel|disc|disk) ?\w{1,4} ?[,:;(-]? ?)?side (?:b|c|d|two|2|[3-9])\W*$", re.IGNORECASE
)
_OFFICE = (
    r"(?:minutes|copy|copies|cc|distribution|distributed|disposition|call ?back|protocols?|queue|wrap-?up|codes?|refs?"
    r"|reference|marks?|scores?|grades?|ratings?|rated|total|outcome|ticket|typed|typist|printed|prepared|checked"
    r"|reviewed"
    r"|approved|filed|scanned|received|sign-?off|countersigned|version|revision|form|template|sheet|audio|recording"
    r"|recorded|file|length|duration|browser|host|ip|e-?mail|website|web|tel|telephone|fax|registered|registration"
    r"|company"
    r"|satisfaction|survey|exam(?:iner)? no|candidate|station|running|transcri\w+|dictat\w+|job|word ?count|accuracy"
    r"|confidence|export(?:ed)?|generated|created|updated|modified|saved|source|archive[d]?|retention|consent|coded"
    r"|coder"
    r"|tags?|category|topics?|keywords?|sentiment|billing|invoice|cost|charge|time spent|handling|agent id"
    r"|attachments?|enclosures?|encl?|next call|end time|start time|closed|ended|finished|started|disconnected)"
)
_LABELLED = re.compile(
    rf"\W{{0,4}}(?:[\w'-]{{1,20}} ){{0,2}}{_OFFICE}(?: [\w'/.-]{{1,20}}){{0,3}}? ?[:=] ?(?P<value>[^?!]{{0,160}})$"
    rf"|\W{{0,4}}{_OFFICE} (?:code|no\.?|number|id|ref) (?=[^?!:.]{{0,40}}\d)[^?!:.]{{1,60}}$"
    r"|\W{0,4}(?:copy|copies|cc|distribution)(?: \w{1,20}){0,2} (?:to|by|for) [^?!:.]{1,80}$",
    re.IGNORECASE,
)
_CAPTION = re.compile(
    r"\W{0,3}(?:table|figure|fig\.?|exhibit|appendix|annex|attachment|enclosure|encl\.?|box|panel|extract|excerpt)"
    r" ?(?:\d{1,3}|[A-Z]\b)(?:[.:)-]+ [^?!]{1,160})?\W{0,3}$",
    re.IGNORECASE,
)
_CHANNEL = (
    r"(?:chat|portal|messag\w*|e-?mails?|text(?:s|ing)?|inbox|service|line|form|document|transcript\w*|recording|page"
    r"|number|address|website|app)"
)
_NOTICE = re.compile(
    rf"\W{{0,4}}(?:(?:please )?(?:do not|don't|never) (?:use|reply|respond|copy|forward|distribute|share|print|send)\b"
    rf"(?=.{{0,120}}\b{_CHANNEL}\b).{{1,200}}"
    rf"|(?:this|the) (?:{_CHANNEL}|conversation|visit|session|call|thread|encounter|meeting|room)"
    r" (?:has|have|was|is|are|will be|may be|cannot|can not|does not|do not) (?:now |been |not |being )?"
    r"(?:end\w*|clos\w*|record\w*|archiv\w*|monitor\w*|lock\w*|sav\w*|read[ -]only|confidential|expir\w*|delet\w*"
    r"|(?:un)?attended|check\w*|for (?:emerg|urgent)\w*|intended|protected|part of|replac\w*|constitut\w*"
    r"|contain\w*).{0,200}"
    r"|if this is (?:an?|not an?) (?:medical |life.threatening )?emergency,? (?:please )?(?:call|dial|contact|go"
    r"|hang)\b.{1,100}"
    r"|(?:in (?:an |case of (?:an )?)(?:medical )?emergency|for (?:medical )?emergencies),? (?:please )?(?:call"
    r"|dial)\b.{1,60}"
    r"|not (?:to be|for) (?:copied|reproduc\w*|distribut\w*|publi\w*|circulat\w*|resale|photocop\w*|release).{0,120}"
    r"|(?:for|strictly) (?:\w+ ){0,3}(?:use|purposes?|examiners|students|staff|training|teaching) only\b.{0,80}"
    r"|not (?:an? )?(?:official |legal )?(?:part of|replacement for|substitute for) .{1,120}"
    r"|(?:strictly |private (?:and|&) )?confidential(?:ity)?\b[^?!]{0,200}"
    r"|(?:thank you|thanks) for (?:using|choosing|chatting|contacting|visiting|calling) (?-i:[A-Z]).{0,80}"
    r"|(?:rate|how was|how did we do|tell us about) (?:this|your) (?:visit|experience|chat|call|conversation)\b.{0,80}"
    r"|(?:was|did) this (?:chat|answer|conversation|helpful|help)\b.{0,60}"
    r"|(?:auto(?:matically)?|machine|computer|AI)[- ]?(?:generated|transcribed|created|produced)"
    r"(?: (?:transcript\w*|captions?|text|document|file|content|by [^?!]{1,40}))?\W*"
    r"|(?:un(?:edited|corrected|verified|official)|not (?:verified|reviewed|edited|proofread))\b[^?!]{0,80}"
    r"|(?:you are|you're) (?:now )?(?:viewing|reading) .{1,80})$",
    re.IGNORECASE,
)
_END = re.compile(
    r"\W*(?:(?:the )?end|fin(?:is)?|eof"
    r"|(?:end|ends) (?:of|here)(?: [\w-]{1,20}){0,3} (?:transcript\w*|recording|tape|segment|document|file"
    r"|report|dictation|interview|text|page|excerpt|extract|sample|notes?|script|session|call|chat|thread|messages?|conversation)"
    r"(?: \W{0,3}[^?!.]{1,60})?"
    r"|(?:transcript|recording|tape|dictation|interview|visit|call|session|conversation) (?:ends|ended|finishes|stops)"
    r"(?: here)?)\W*$",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<=[a-z)]\.) (?=[A-Z])")
_CODE = re.compile(r"(?=[^\d]{0,40}\d)[A-Z0-9]{1,12}(?:[/.-][A-Z0-9]{1,12}){1,6}(?: [A-Z0-9/.-]{1,20}){0,4}$")
_INITIALS = re.compile(r"[A-Z]{2,4}[/:][a-zA-Z]{2,3}(?:[/:][\da-zA-Z]{1,8})?$")
_COUNTED = re.compile(
    r"\W*(?:total(?: of)? ?:? ?)?\d{1,6} (?:rows?|pages?|turns?|lines?|words?|messages?|attachments?|files?|characters?"
    r"|participants?|speakers?|segments?|utterances?|comments?|replies|views|entries|records?)"
    r"(?:,? (?:in total|total|shown|found|exported|altogether|of \d{1,6}))?\W*$",
    re.IGNORECASE,
)
_REACH = re.compile(
    r"(?:https?://|www\.)\S{2,80}|\S{1,40}@\S{2,60}|\b[\w-]{2,40}\.(?:com|org|net|co\.uk|nhs\.uk|edu|gov|example"
    r"|invalid)\b"
    r"|\b(?:tel|phone|telephone|fax|mobile|ph|t|f)\b[.:]? ?[+(]?\d[\d ()./-]{4,20}|\(\d{3}\) ?\d{3}[- ]\d{4}"
    r"|\bregistered (?:in|charity|office|company|no)\b|\b(?:company|charity|vat|reg\.?) (?:no|number)\b",
    re.IGNORECASE,
)
_TO_DO = re.compile(
    r"\W{0,4}(?!(?:I|you|we|they|he|she|it|not|that|this|have|has|had|need|want|going|used|like|try|got|ready|able"
    r"|remember|sure|forget|go|come|free|best|easiest|important|time|how|where|when|what|feel|welcome)\b)"
    r"(?:[\w.'/-]{1,20} ){1,3}to (?:book|call|ring|phone|send|fax|arrange|refer|review|chase|order|file|write|post"
    r"|e?-?mail|check|type|scan|prescribe|contact|request|organi[sz]e|schedule|notify|inform|print|update|action|sign"
    r"|action|confirm|copy)\b[^?!:.]{0,80}$",
    re.IGNORECASE,
)
_OPENER = re.compile(
    r"\W{0,4}(?:(?:(?:points|questions|issues|topics|items|notes) for )?(?:discussion|reflection|debrief\w*|examiners"
    r"|students|teachers|tutors|facilitators)|discussion (?:points|questions|topics)|(?:learning|teaching) (?:points?"
    r"|objectives?|outcomes?)|(?:coder|coding|marking|examiner|tutor|teaching|editorial)(?:'s)? (?:notes?|comments?"
    r"|scheme"
    r"|sheet)|(?:mark|marking) scheme|checklist|commentary|glossary|(?:visitor|guest|caller|customer|client|chat"
    r"|session"
    r"|call|technical) (?:details|information|info|data|statistics|feedback|survey)|(?:post|pre)[- ]?"
    r"(?:chat|call|visit)[- ](?:survey|form|feedback)|survey|feedback|satisfaction survey|legend|key to symbols"
    r"|transcription (?:key|conventions|symbols)|conventions)\W{0,4}(?:(?<=:) ?.{0,300})?$",
    re.IGNORECASE,
)
_GOES_ON = re.compile(  # a sentence that was interrupted, as in `-- and then it stopped --`
    r"(?:and|but|so|or|then|because|when|while|if|it|he|she|they|to|with|of|in|for|that|which|who|what|not|no)\b", re.I
)
_MOST_WORDS_OF_EVENT = 10
_LONGEST = 320  # the largest number of characters in a line that nobody says


def may_be_speech(text: str) -> bool:
    """Return whether a text has a word or a sign of a conversation, such as `you` or a question mark."""
    return _OF_SPEECH.search(text) is not None


def is_event(line: str) -> bool:
    """Return whether a whole line between marks is an event of a call or a chat, as in `-- caller placed on hold --`.

    Also return True for a remark of the typist, the second side of a tape and the place of a picture: `[ Photo ]`.
    """
    if len(line) > _LONGEST:
        return False
    if _MEDIA.match(line) or _OF_TYPIST.match(line) or _SIDE.match(line):
        return True
    found = _FRAMED.match(line)
    if found is None or found[1] is None or len(found[2].split()) > _MOST_WORDS_OF_EVENT:
        return False
    doubled = line.startswith(found[1] * 2)
    goes_on = _GOES_ON.match(found[2]) is not None or not (doubled or found[2][:1].isupper())
    return not goes_on and _EVENT.search(found[2]) is not None and not may_be_speech(found[2])


def is_unspoken(line: str) -> bool:
    """Return whether nobody says a line above the first turn or below the last turn, as in `Disposition: home care`."""
    if len(line) > _LONGEST:
        return False
    text = line.strip(" *_#=~|")
    sentences = _SENTENCE_END.split(text)
    if len(sentences) > 1 and all(is_unspoken(sentence) for sentence in sentences if len(sentence) < len(text)):
        return True
    if any(pattern.match(text) for pattern in (_CAPTION, _NOTICE, _END, _CODE, _INITIALS, _COUNTED)) or is_event(line):
        return True
    found = _LABELLED.match(text)
    if found and not may_be_speech(found["value"] or "") and not person(text.partition(":")[0]).known:
        return True
    if may_be_speech(text) or text.endswith("."):
        return False
    return _TO_DO.match(text) is not None or is_contact(text)


def is_contact(line: str) -> bool:
    """Return whether a line has an address of the Internet, a telephone number or the number of a company."""
    return _REACH.search(line) is not None


def opens_other_text(line: str) -> bool:
    """Return whether a line begins text for readers, as in `Discussion: ...` or `Visitor details`."""
    return len(line) <= _LONGEST and _OPENER.match(line) is not None
