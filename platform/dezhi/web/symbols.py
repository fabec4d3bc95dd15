"""Small line drawings beside words, made for Dezhi, so that pages need neither pictures nor an emoji font.

A plugin names a symbol by one emoji or by one character (our own pages also by a drawing's name). A character without
a drawing is shown carved in a frame, as on a wooden block. The word always stands
beside it: a symbol carries no meaning alone.
"""

from typing import Final

from markupsafe import Markup, escape

# Paths on a grid of 24 × 24, drawn with a line of 1.6 in the colour of the text.
DRAWINGS: Final[dict[str, str]] = {
    # assets
    "heart": "M12 20S3.8 15.2 3.8 9.3A4.4 4.4 0 0 1 12 7a4.4 4.4 0 0 1 8.2 2.3C20.2 15.2 12 20 12 20Z",
    "rosette": "M12 14.5a5.3 5.3 0 1 0 0-10.6 5.3 5.3 0 0 0 0 10.6ZM8.8 13.6 7 21l5-2.6 5 2.6-1.8-7.4M12 7.2v4M10 9.2"
    "h4",
    "clock": "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM12 7v5.2l3.4 2.2",
    "shield": "M12 3.2 4.8 5.8v5.6c0 4.6 3 7.8 7.2 9.4 4.2-1.6 7.2-4.8 7.2-9.4V5.8ZM8.6 12l2.4 2.4 4.4-4.6",
    # deeds
    "hands": "M3 13.5 6.2 8l4 1.2L12.8 8l4 .2L21 13.5M6 14.6l4.6 4c.8.7 1.8.7 2.6 0l4.8-4.2M10.2 9.2 8.4 12c1.6 1 3 .4 "
    "4-1.2l4.8 3.8",
    "elder": "M9.5 7.5a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6ZM6 21v-7.4a3.5 3.5 0 0 1 7 0V15l3.4-1.4M9 21v-4.5M12.5 "
    "21v-3M17 11v10M17 11a1.5 1.5 0 0 1 3 0",
    "honest": "M12 3.5v16M8 20.5h8M5 7.5l7-2 7 2M5 7.5 2.6 13.6c1.2 1.6 3.6 1.6 4.8 0ZM19 7.5l-2.4 6.1c1.2 1.6 3.6 1.6 "
    "4.8 0Z",
    "broom": "M14.8 3 11 11.2M7.6 9.6l6.6 3L13 21H4.6l3-11.4ZM7.4 16.5 6.6 21M10.4 17.4 9.8 21",
    "lantern": "M12 2.5v3M8.5 5.5h7M8.5 5.5C5 8.5 5 13.5 8.5 16.5h7c3.5-3 3.5-8 0-11M12 5.5v11M10 16.5h4M12 16.5v5",
    "talk": "M4 4.5h11v8H9L5.6 15.4v-2.9H4ZM17 9h3v8h-1.6v2.8L15 17H9.8",
    "peace": "M8.8 17.2a5.2 5.2 0 1 0 0-10.4 5.2 5.2 0 0 0 0 10.4Z"
    "M15.2 17.2a5.2 5.2 0 1 0 0-10.4 5.2 5.2 0 0 0 0 10.4Z",
    "tree": "M12 21v-7M12 14c-4.4 0-7-2.2-7-5.2S7.8 3 12 3s7 2.8 7 5.8-2.6 5.2-7 5.2ZM12 11.5l3-2.6M12 10 9.4 7.8M7.5 "
    "21h9",
    "alarm": "M5 14.5a7 7 0 0 1 14 0ZM3.5 14.5h17v3h-17ZM12 7.5V4M6 9 3.8 7M18 9l2.2-2M12 20.5v-.1",
    "drill": "M5 21V9.5L12 4l7 5.5V21M5 21h14M9.5 14h5M12.4 11.6 14.8 14l-2.4 2.4",
    "flame": "M12 21c-4 0-6.5-2.6-6.5-6.2 0-4.4 4.4-6 4.8-11.6 4 2 5 5 4.6 7.6 1-.4 1.6-1.2 1.8-2.2 1.2 1.6 1.8 3.6 "
    "1.8 6C18.5 18.4 16 21 12 21ZM12 21c-1.8 0-2.8-1.2-2.8-2.8 0-2 1.8-2.6 2.8-5 1.2 2 2.8 3 2.8 5S13.8 21 12 21Z",
    "water": "M3 9.5c2-1.8 4-1.8 6 0s4 1.8 6 0 4-1.8 6 0M3 14c2-1.8 4-1.8 6 0s4 1.8 6 0 4-1.8 6 0M3 18.5c2-1.8 4-1.8 "
    "6 0s4 1.8 6 0 4-1.8 6 0M12 6V3",
    "phone": "M7.5 2.8h9v18.4h-9ZM10.5 18.5h3M10 7.5h4M10 10.5h4",
    "basket": "M3.5 10h17l-2 10.5h-13ZM8 10l3-6M16 10l-3-6M9.5 13.5V17M14.5 13.5V17",
    "clinic": "M4 21V8.5h16V21ZM8.5 8.5V4h7v4.5M12 11.5v5.5M9.2 14.2h5.6M2.5 21h19",
    "scissors": "M6.5 9a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM6.5 20a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM8.6 8 "
    "20 17.5M8.6 16 20 6.5",
    "book": "M12 6.5C9.5 4.5 6.5 4.2 3.5 4.5v13.5c3-.3 6 0 8.5 2 2.5-2 5.5-2.3 8.5-2V4.5c-3-.3-6 0-8.5 2ZM12 6.5V20",
    "snow": "M12 3v18M4.2 7.5l15.6 9M19.8 7.5l-15.6 9M12 6.5 9.5 4.5M12 6.5l2.5-2M12 17.5l-2.5 2M12 17.5l2.5 2",
    "road": "M8 3.5 4 20.5M16 3.5l4 17M12 4v2.5M12 10v3M12 16.5v4",
    "wallet": "M4 7h14.5V5H6a2 2 0 0 0-2 2ZM4 7v11.5c0 .8.6 1.5 1.5 1.5h14.5V7ZM20 11.5h-5a2 2 0 0 0 0 4h5M15.5 "
    "13.5v.1",
    "feast": "M4 11h16c0 4.5-3.2 7.5-8 7.5S4 15.5 4 11ZM8.5 21h7M9 8c-1-1.5 1-2 0-3.8M13 8c-1-1.5 1-2 0-3.8M17 8.5l3-5",
    "skill": "M14.5 5a4.5 4.5 0 0 0-5.8 5.8L3.5 16v4.5H8l5.2-5.2A4.5 4.5 0 0 0 19 9.5l-2.8 2.8-3.5-1-1-3.5Z",
    "yard": "M3.5 11 12 4l8.5 7M6 9v11.5h12V9M10 20.5V15h4v5.5M3 20.5h18",
    # goods
    "oil": "M9.5 2.8h4v3h-4ZM9.5 5.8C7 7 6 9 6 11.5v9.7h11v-9.7c0-2.5-1-4.5-3.5-5.7M6 12.5h11M17 9.5h2.5v6H17M8.8 "
    "17.8h5.4",
    "bottle": "M10 2.8h5v3.4h-5ZM10 6.2 7 9.5v11.7h10.5V9.5l-2.5-3.3M7 12.5h10.5M7 17.5h10.5M10.5 15h3.5",
    "soap": "M4 11.5h13a3 3 0 0 1 3 3v1.5a3 3 0 0 1-3 3H7a3 3 0 0 1-3-3ZM7.5 15.2h7M15 7.5a1.8 1.8 0 1 0 0-3.6 1.8 "
    "1.8 0 0 0 0 3.6ZM10 8.5a1.2 1.2 0 1 0 0-2.4 1.2 1.2 0 0 0 0 2.4ZM2.5 21h19",
    "brush": "M3.5 14.5h17v2.5h-17ZM14 14.5V9.5h6v5M16 9.5v5M18 9.5v5M4 20.5h16",
    "noodles": "M4 12h16c0 4.5-3.2 7.5-8 7.5S4 16.5 4 12ZM8 21.5h8M8 12V5.5M11 12V5M14 12V4.5M5 6.5 20 3.5",
    "rice": "M8 3h8l-1.5 3.5h-5ZM9.5 6.5C5.5 9 4.5 13 5.5 18.5c.3 1.5 1 2.3 2.5 2.3h8c1.5 0 2.2-.8 2.5-2.3 1-5.5 "
    "0-9.5-4-12M12 11v6M9.5 12.5c0 1.5 1 2.5 2.5 2.5M14.5 12.5c0 1.5-1 2.5-2.5 2.5",
    "salt": "M6.5 6.5h11v14.5h-11ZM6.5 6.5 9 3h6l2.5 3.5M9.5 11.5h5M9.5 14.5h5",
    "towel": "M4 4.5h16M6.5 4.5v16h11v-16M6.5 15h11M6.5 17.5h11",
    "kettle": "M7 9h9.5l1.5 12H5.5ZM9.5 9c0-3.5 4.5-3.5 4.5 0M17 11.5l3.8-2.5M7 11c-3.5-1-4.5 3.5-1 5.5M11.7 6.3V4.5",
    "bag": "M6 9.5C6 6 8.5 4.5 12 4.5s6 1.5 6 5V21H6ZM9.5 4.8V3h5v1.8M8.5 14h7v4h-7ZM6 11.5H4v6h2M18 11.5h2v6h-2",
    "sprout": "M12 20.5v-8M12 14c-4.5 0-7-2-7.5-6.5 4.5-.5 7 2 7.5 6.5ZM12 12.5c0-4.5 2.5-7.5 7.5-8 .3 5-2.5 8-7.5 "
    "8ZM7 20.5h10",
    "light": "M9 16.5c-2.5-1.5-3.8-3.5-3.8-6a6.8 6.8 0 0 1 13.6 0c0 2.5-1.3 4.5-3.8 6ZM9.5 19h5M10.5 21.3h3M12 "
    "16.5V11l-2-1.5M12 11l2-1.5",
    "gift": "M4.5 11h15v10h-15ZM3.5 7h17v4h-17ZM12 7v14M12 7C10 2.5 5.5 4 8 7M12 7c2-4.5 6.5-3 4 0",
    "pot": "M4 10h16v6.5c0 2-1.3 3.5-3.5 3.5h-9C5.3 20 4 18.5 4 16.5ZM2.5 12H4M20 12h1.5M5 10c0-2.5 3-4 7-4s7 1.5 7 4"
    "M12 6V4",
    "photo": "M3 7.5h4.5L9 5h6l1.5 2.5H21v12H3ZM12 17a3.7 3.7 0 1 0 0-7.4 3.7 3.7 0 0 0 0 7.4Z",
    "box": "M3.5 8 12 4l8.5 4v9L12 21l-8.5-4ZM3.5 8 12 12l8.5-4M12 12v9",
    # places and jobs of the pages themselves
    "card": "M3 5.5h18v13H3ZM3 9.5h18M6 14.5h5",
    "scan": "M4 8.5V4h4.5M15.5 4H20v4.5M20 15.5V20h-4.5M8.5 20H4v-4.5M3 12h18",
    "pen": "M4 20l1.2-4.8L16 4.4 19.6 8 8.8 18.8ZM13.5 7l3.5 3.5M4 20h16",
    "many": "M3.5 5.5h4v4h-4ZM3.5 14.5h4v4h-4ZM10.5 7.5h10M10.5 16.5h10M4.5 7.5l.8.8 1.4-1.6M4.5 16.5l.8.8 1.4-1.6",
    "ear": "M4 9.5h3.5L12 5.5v13l-4.5-4H4ZM15 9c1.5 1.8 1.5 4.2 0 6M17.5 6.5c3 3.2 3 7.8 0 11",
    "print": "M7 9V3.5h10V9M7 17H3.5V9h17v8H17M7 14h10v6.5H7Z",
    "lock": "M6 10.5h12v10H6ZM8.5 10.5V7.5a3.5 3.5 0 0 1 7 0v3M12 14.5v2.5",
    "search": "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM15.3 15.3 20.5 20.5",
}

# What plugins write for what is drawn above: an emoji, or the character that names the thing.
SIGNS: Final[dict[str, str]] = {
    "❤": "heart", "🏅": "rosette", "🎖": "rosette", "🏆": "rosette", "⏰": "clock", "🕐": "clock", "🛡": "shield",
    "🤝": "hands", "👵": "elder", "👴": "elder", "🧓": "elder", "⚖": "honest", "🧹": "broom", "🏮": "lantern",
    "🔦": "lantern", "💬": "talk", "🗣": "talk", "🕊": "peace", "🌳": "tree", "🌲": "tree", "🚨": "alarm", "🔔": "alarm",
    "🧯": "drill", "🔥": "flame", "🌊": "water", "💧": "water", "📱": "phone", "📞": "phone", "🧺": "basket",
    "🛒": "basket", "🏥": "clinic", "🩺": "clinic", "✂": "scissors", "💇": "scissors", "📖": "book", "📚": "book",
    "❄": "snow", "🌨": "snow", "🛣": "road", "🚧": "road", "👛": "wallet", "👝": "wallet", "🍚": "feast",
    "🔧": "skill", "🛠": "skill", "🏡": "yard", "🏠": "yard", "🛢": "oil", "🫒": "oil", "🧴": "bottle", "🧼": "soap",
    "🪥": "brush", "🍜": "noodles", "🌾": "rice", "🧂": "salt", "🧻": "towel", "🫖": "kettle", "🎒": "bag",
    "🌱": "sprout", "💡": "light", "🎁": "gift",
    "🍲": "feast", "📷": "photo", "📦": "box",
    "帮": "hands", "扶": "hands", "和": "peace", "扫": "broom", "工": "skill", "院": "yard", "议": "talk", "公": "gift",
    "老": "elder", "敬": "heart", "洁": "broom", "回": "yard", "养": "elder", "拾": "wallet", "俭": "feast",
    "还": "skill", "秤": "honest", "托": "box", "问": "talk", "购": "basket", "医": "clinic", "剪": "scissors",
    "书": "book", "雪": "snow", "水": "water", "防": "phone", "查": "light", "警": "alarm", "练": "drill",
    "火": "flame", "路": "road", "巡": "lantern", "皂": "soap", "牙": "brush", "洗": "bottle", "面": "noodles",
    "盐": "salt", "发": "bottle", "油": "oil", "壶": "kettle", "包": "bag", "锅": "pot", "照": "photo", "耕": "sprout",
    "米": "rice", "茶": "sprout",
}  # fmt: skip

_DRAWN: Final = (
    '<svg class="symbol" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.6"'
    ' stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false"><path d="%s"/></svg>'
)
_CARVED: Final = '<i class="carved" aria-hidden="true"><span>%s</span></i>'


def drawing_of(symbol: str) -> str | None:
    """The name of the drawing for a plugin's `symbol`, or None where there is none."""
    plain = symbol.replace("\ufe0f", "")
    return plain if plain in DRAWINGS else SIGNS.get(plain)


def symbol(name: str, title: str = "") -> Markup:
    """The picture for `name`: our drawing, else its first character carved, else that of `title`, else a gift."""
    drawing = drawing_of(name)
    # An emoji we have no drawing for may be missing on the phone: the title's first character never is.
    readable = name if name and name[0].isalnum() else title
    if drawing is None and readable:
        return Markup(_CARVED) % escape(readable[0])  # noqa: S704 - a constant; the character is escaped
    return Markup(_DRAWN % DRAWINGS[drawing or "gift"])  # noqa: S704 - our own constants
