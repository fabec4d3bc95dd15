"""QR codes, drawn into the page itself: a picture from elsewhere would be a call to elsewhere."""

from functools import lru_cache


@lru_cache(maxsize=64)
def qr(text: str) -> str:
    """A square for a phone's camera, as SVG that may stand in a page as it is."""
    # late: few pages have a code to draw, and the library makes its tables when it is imported
    import segno

    code = segno.make(text, micro=False, error="m")
    return str(code.svg_inline(border=2, omitsize=True, svgclass=None, lineclass=None))
