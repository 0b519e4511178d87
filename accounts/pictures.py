"""Pictures that people upload: judged by what they are, made anew, and kept under the hash of what was made."""

import hashlib
import io
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

if TYPE_CHECKING:
    from django.core.files import File

    from accounts.models.profile import Profile

MOST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 40_000_000
SIDE = 256  # pixels
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
TOO_MANY_PIXELS = _("The picture has more than 40 million pixels.")


def path_of(profile: "Profile", filename: str) -> str:
    return f"pictures/{filename}"


def made_of(upload: "File[bytes]") -> "ContentFile[bytes]":
    """A square WebP of `SIDE` pixels without metadata, named by its hash.

    Raises:
        ValidationError: too many bytes or pixels, or no picture of a kind we know, whatever its name says.
    """
    if upload.size > MOST_BYTES:
        raise ValidationError(_("The picture is larger than 5 MB."), code="too_large")
    try:
        # Told by the first bytes, before anything is decoded: a small file can claim to be an enormous picture.
        with Image.open(upload, formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise ValidationError(TOO_MANY_PIXELS, code="too_many_pixels")
            picture.draft("RGB", (SIDE * 2, SIDE * 2))
            upright = ImageOps.exif_transpose(picture)
            square = ImageOps.fit(upright.convert("RGBA"), (SIDE, SIDE), Image.Resampling.LANCZOS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ValidationError(TOO_MANY_PIXELS, code="too_many_pixels") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise ValidationError(
            _("This is no picture we can read: JPEG, PNG, WebP or GIF, please."), code="no_picture"
        ) from error
    square.info.clear()  # Pillow would write colour profiles and XMP on from there
    out = io.BytesIO()
    square.save(out, "WEBP", quality=86, method=4)
    data = out.getvalue()
    return ContentFile(data, name=f"{hashlib.sha256(data).hexdigest()[:32]}.webp")
