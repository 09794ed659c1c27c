"""Photos: what the camera wrote is read, then the picture is made smaller and kept without it."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localdate
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from yike.errors import RefusedError
from yike.web.audit.chain import Who, record
from yike.web.outlets import rules
from yike.web.outlets.actions import lock
from yike.web.outlets.limits import limits
from yike.web.outlets.models import Outlet, OutletPhoto

FORMATS = ("JPEG", "PNG", "WEBP")


@dataclass(frozen=True)
class Shot:
    """A photo ready to be kept, and where and when it was taken as far as it said so (WGS-84)."""

    content: bytes
    width_px: int
    height_px: int
    lon: float | None = None
    lat: float | None = None
    taken_on: dt.date | None = None

    @property
    def digest(self) -> str:
        """SHA-256 of what is kept."""
        return hashlib.sha256(self.content).hexdigest()


def read_shot(stream: IO[bytes], size_bytes: int) -> Shot:
    """
    Read a photo as a phone sends it.

    Raises
    ------
    RefusedError
        Too large, or no picture that can be read.
    """
    most = limits()["photo"]
    if size_bytes > most["most_bytes_in"]:
        raise RefusedError("register.photo.size", found=f"{size_bytes / 1e6:.0f} MB", limit="25 MB")
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(stream, formats=FORMATS) as picture:
            if picture.width * picture.height > most["most_pixels_in"]:
                raise RefusedError(
                    "register.photo.size", found=f"{picture.width}×{picture.height}", limit="6000 万像素"
                )
            lon, lat = _place(picture)
            taken_on = _day(picture)
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except Image.DecompressionBombError as wrong:
        raise RefusedError("register.photo.size", found="图片太大", limit="6000 万像素") from wrong
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as wrong:
        raise RefusedError("register.photo.unreadable") from wrong
    content, (width, height) = _smaller(upright)
    return Shot(content, width, height, lon, lat, taken_on)


def _smaller(picture: Image.Image) -> tuple[bytes, tuple[int, int]]:
    """JPEG within the limits: quality goes down first, then the size. A new file carries no tags."""
    most = limits()["photo"]
    longest = most["longest_px"]
    while True:
        picture.thumbnail((longest, longest))
        for quality in range(82, most["least_quality"] - 1, -8):
            kept = io.BytesIO()
            picture.save(kept, "JPEG", quality=quality, optimize=True)
            if kept.tell() <= most["most_bytes_kept"]:
                return kept.getvalue(), picture.size
        longest = longest * 3 // 4


def _place(picture: Image.Image) -> tuple[float | None, float | None]:
    """Longitude and latitude the camera wrote; None where it wrote none or nonsense."""
    told = picture.getexif().get_ifd(ExifTags.IFD.GPSInfo)
    try:
        lat = _degrees(
            told[ExifTags.GPS.GPSLatitude], told.get(ExifTags.GPS.GPSLatitudeRef, "N") in ("S", b"S")
        )
        lon = _degrees(
            told[ExifTags.GPS.GPSLongitude], told.get(ExifTags.GPS.GPSLongitudeRef, "E") in ("W", b"W")
        )
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None, None
    is_place = -180 <= lon <= 180 and -90 <= lat <= 90 and (lon, lat) != (0, 0)
    return (round(lon, 7), round(lat, 7)) if is_place else (None, None)


def _degrees(parts: tuple[float, float, float], is_minus: bool) -> float:
    degrees = float(parts[0]) + float(parts[1]) / 60 + float(parts[2]) / 3600
    return -degrees if is_minus else degrees


def _day(picture: Image.Image) -> dt.date | None:
    exif = picture.getexif()
    told = exif.get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal) or exif.get(
        ExifTags.Base.DateTime
    )
    try:
        return dt.datetime.strptime(str(told)[:10], "%Y:%m:%d").date()
    except ValueError:
        return None


def add_photo(*, who: Who, outlet: Outlet, shot: Shot, now: dt.datetime) -> OutletPhoto:
    """Keep a photo of an outlet; the same one twice is kept once."""
    with transaction.atomic():
        outlet = lock(outlet)
        rules.require_keeper(who, outlet.area_code, localdate(now))
        rules.require_live(outlet)
        kept = outlet.photos.filter(gone_at__isnull=True)
        if same := kept.filter(digest=shot.digest).first():
            return same
        most = limits()["photo"]["most_of_an_outlet"]
        if kept.count() >= most:
            raise RefusedError("register.photo.many", name=outlet.name, limit=most)
        photo = OutletPhoto.objects.create(
            outlet=outlet, path=_keep(shot), digest=shot.digest, size_bytes=len(shot.content),
            width_px=shot.width_px, height_px=shot.height_px, taken_on=shot.taken_on, at=now, by=who.account,
        )  # fmt: skip
        record(who, "outlet.photo", "outlet", str(outlet.pk), now=now, area_code=outlet.area_code,
               after={"photo": photo.digest})  # fmt: skip
    return photo


def remove_photo(*, who: Who, photo: OutletPhoto, now: dt.datetime) -> None:
    """Take a photo off an outlet; its file goes when no other outlet shows it."""
    with transaction.atomic():
        outlet = lock(photo.outlet)
        rules.require_keeper(who, outlet.area_code, localdate(now))
        if not OutletPhoto.objects.filter(pk=photo.pk, gone_at__isnull=True).update(gone_at=now):
            return
        record(who, "outlet.photo_removed", "outlet", str(outlet.pk), now=now, area_code=outlet.area_code,
               before={"photo": photo.digest})  # fmt: skip
        shown = OutletPhoto.objects.filter(path=photo.path, gone_at__isnull=True)
        if not shown.exists():
            transaction.on_commit(lambda: file_of(photo).unlink(missing_ok=True))


def file_of(photo: OutletPhoto) -> Path:
    """The kept file."""
    return Path(settings.DATA) / photo.path


def _keep(shot: Shot) -> str:
    """Write the file under its digest, whole or not at all; the path below the data folder."""
    path = Path("photos") / shot.digest[:2] / f"{shot.digest}.jpg"
    target = Path(settings.DATA) / path
    if not target.exists():
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        half = target.with_suffix(".half")
        half.write_bytes(shot.content)
        half.replace(target)
    return path.as_posix()
