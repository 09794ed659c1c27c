"""What everything with a place has."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yike.web.regions.models import Area


class Datum(models.TextChoices):
    """Coordinate systems a point may have come in."""

    WGS84 = "wgs84", "WGS-84（GPS）"
    CGCS2000 = "cgcs2000", "CGCS2000（国家大地坐标、天地图）"
    GCJ02 = "gcj02", "GCJ-02（高德、腾讯）"
    BD09 = "bd09", "BD-09（百度）"


class Placed(models.Model):
    """
    A thing at a place.

    ``lon`` and ``lat`` are WGS-84; what was given stays beside them with its datum, so that a wrong datum can
    be put right later. ``area_code`` is the narrowest branch known.
    """

    area_code = models.CharField("辖区代码", max_length=12)
    community = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="社区"
    )
    address = models.CharField("地址", max_length=200, blank=True)
    lon = models.FloatField("经度", null=True, blank=True)
    lat = models.FloatField("纬度", null=True, blank=True)
    source_lon = models.FloatField("原经度", null=True, blank=True)
    source_lat = models.FloatField("原纬度", null=True, blank=True)
    source_datum = models.CharField("原坐标系", max_length=10, choices=Datum, blank=True)
    source = models.CharField("来源", max_length=200, blank=True)
    is_invented = models.BooleanField("虚构", default=False)

    class Meta:
        """A point has both its numbers, in range."""

        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(lon__isnull=True, lat__isnull=True)
                | Q(lon__gte=-180, lon__lte=180, lat__gte=-90, lat__lte=90),
                name="%(class)s_point_in_range",
            ),
        ]
