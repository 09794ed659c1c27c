"""Photos as phones send them: large, on their side, with the place and the camera written into them."""

from __future__ import annotations

import io

import numpy as np
from PIL import ExifTags, Image


def a_photo_file(
    size=(1200, 900),
    place=(111.8831, 34.7405),
    taken="2026:11:20 08:30:00",
    turned=1,
    kind="JPEG",
    noisy=False,
) -> bytes:
    """A photo; ``place`` is longitude and latitude, None for none; ``turned`` is the tag of EXIF."""
    if noisy:
        grains = np.random.default_rng(5).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
        picture = Image.fromarray(grains)
    else:
        picture = Image.linear_gradient("L").resize(size).convert("RGB")
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Invented Camera"
    exif[ExifTags.Base.Orientation] = turned
    if taken:
        exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = taken
    if place:
        told = exif.get_ifd(ExifTags.IFD.GPSInfo)
        told[ExifTags.GPS.GPSLongitudeRef] = "E" if place[0] >= 0 else "W"
        told[ExifTags.GPS.GPSLongitude] = degrees(abs(place[0]))
        told[ExifTags.GPS.GPSLatitudeRef] = "N" if place[1] >= 0 else "S"
        told[ExifTags.GPS.GPSLatitude] = degrees(abs(place[1]))
    kept = io.BytesIO()
    picture.save(kept, "JPEG", exif=exif)
    return kept.getvalue()


def degrees(value: float) -> tuple[float, float, float]:
    whole, minutes = divmod(value * 60, 60)
    return float(whole), float(int(minutes)), round((minutes - int(minutes)) * 60, 3)
