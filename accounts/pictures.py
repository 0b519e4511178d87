"""Pictures that people upload: judged by what they are, made anew, and kept under the hash of what was made."""

import hashlib
import io
import threading
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _
from PIL import ExifTags, Image, ImageOps

if TYPE_CHECKING:
    from django.core.files import File

    from accounts.models.profile import Profile

MOST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 40_000_000
SIDE = 256  # pixels
HASH = 32  # hexadecimal digits a file's name begins with
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
SHRINKING = ("RGB", "L", "CMYK", "YCbCr")  # modes that are scaled as they are
# One large picture at a time: four at once could take more memory than a small server has.
_decoding = threading.Lock()
# What the camera says of how it was held, and how that is undone.
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def path_of(profile: "Profile", filename: str) -> str:
    return f"pictures/{filename}"


def _shrunk(picture: Image.Image) -> Image.Image:
    """Made small before it is turned and converted, since every copy of 40 million pixels is 160 MB."""
    picture.draft("RGB", (SIDE * 2, SIDE * 2))
    shrinks = picture if picture.mode in SHRINKING else picture.convert("RGBA")
    square = ImageOps.fit(shrinks, (SIDE, SIDE), Image.Resampling.LANCZOS).convert("RGBA")
    turn = TURNS.get(picture.getexif().get(ExifTags.Base.Orientation, 1))
    return square.transpose(turn) if turn else square  # the middle stays the middle


def _square_of(upload: "File[bytes]") -> Image.Image:
    """What is shown of it.

    Raises:
        ValidationError: too many pixels, or no picture of a kind we know.
    """
    try:
        # Told by the first bytes, before anything is decoded: a small file can claim to be an enormous picture.
        with Image.open(upload, formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Image.DecompressionBombError  # as Pillow itself says of what is larger still
            with _decoding:
                return _shrunk(picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ValidationError(_("The picture has more than 40 million pixels."), code="too_many_pixels") from error
    except Exception as error:  # a broken file makes Pillow raise nearly anything: OSError, struct.error, SyntaxError
        raise ValidationError(
            _("This is no picture we can read: JPEG, PNG, WebP or GIF, please."), code="no_picture"
        ) from error


def _webp(square: Image.Image) -> bytes:
    square.info.clear()  # Pillow would write colour profiles and XMP on from there
    out = io.BytesIO()
    square.save(out, "WEBP", quality=86, method=4)
    return out.getvalue()


def made_of(upload: "File[bytes]") -> "ContentFile[bytes]":
    """A square WebP of `SIDE` pixels without metadata, named by its hash.

    Raises:
        ValidationError: too many bytes or pixels, no picture of a kind we know, whatever its name says, or one that the
            staff have taken away from somebody before.
    """
    from accounts.models.deed import Deed

    if upload.size > MOST_BYTES:
        raise ValidationError(_("The picture is larger than 5 MB."), code="too_large")
    data = _webp(_square_of(upload))
    digest = hashlib.sha256(data).hexdigest()[:HASH]
    if Deed.objects.took_picture(digest):
        raise ValidationError(_("The staff have taken this picture away before. Choose another one."), code="known_bad")
    return ContentFile(data, name=f"{digest}.webp")
